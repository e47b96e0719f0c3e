package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.protocol.proto.ConnType;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One uuid's session as an actor, its time turned by hand. */
class RelaySessionTest {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private static final Ticket TICKET = RelaySessionMessagesTest.TICKET;
  private static final BackhaulAddress NEAR = new BackhaulAddress("near", 1);
  private static final BackhaulAddress FAR = new BackhaulAddress("far", 2);

  private static ActorTestKit kit;
  private static ManualTime time;
  private TestProbe<LegAnswer> home;
  private TestProbe<RelaySession.Command> again;
  private TestProbe<ClusterSharding.ShardCommand> shard;
  private ActorRef<RelaySession.Command> session;

  @BeforeAll
  static void createKit() {
    kit =
        ActorTestKit.create(
            ManualTime.config()
                .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
                .withFallback(ConfigFactory.load("cluster")));
    time = ManualTime.get(kit.system());
  }

  @AfterAll
  static void shutDownKit() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void spawnSession() {
    home = kit.createTestProbe();
    again = kit.createTestProbe();
    shard = kit.createTestProbe();
    session =
        kit.spawn(
            RelaySession.create(
                "u",
                new SessionSurroundings(
                    WAIT,
                    () -> TICKET,
                    shard.getRef(),
                    again.getRef()::tell,
                    java.util.Set::of,
                    () -> true)));
  }

  private LegName leg(long number) {
    return new LegName(home.getRef(), number);
  }

  private RelaySession.Join join(long number, Side side) {
    return join(leg(number), side, NEAR);
  }

  private static RelaySession.Join join(LegName leg, Side side, BackhaulAddress backhaul) {
    return new RelaySession.Join(
        leg, side, side == Side.A ? ConnType.RDP.getNumber() : 0, backhaul);
  }

  private LegAnswer.Introduced introduced(long to, LegName a, LegName b) {
    return new LegAnswer.Introduced(to, "u", a, b, 3, Ticket.NONE, BackhaulAddress.NONE);
  }

  private void pair() {
    session.tell(join(1, Side.A));
    home.expectMessage(new LegAnswer.Waits(1));
    session.tell(join(2, Side.B));
    home.expectMessage(introduced(1, leg(1), leg(2)));
  }

  private void expectPassivation() {
    assertThat(shard.receiveMessage()).isInstanceOf(ClusterSharding.Passivate.class);
  }

  @Test
  void introducesTheTwoSidesOnce() {
    pair();
    home.expectNoMessage();
  }

  @Test
  void knowsTheConnTypeWhicheverSideCameFirst() {
    session.tell(join(1, Side.B));
    session.tell(join(2, Side.A));
    home.expectMessage(new LegAnswer.Waits(1));
    home.expectMessage(introduced(1, leg(2), leg(1)));
  }

  @Test
  void givesTwoNodesOneTicketAndTheLaterOneTheWay() {
    TestProbe<LegAnswer> other = kit.createTestProbe();
    LegName far = new LegName(other.getRef(), 1);
    session.tell(join(1, Side.A));
    session.tell(join(far, Side.B, FAR));
    home.expectMessage(new LegAnswer.Waits(1));
    home.expectMessage(
        new LegAnswer.Introduced(1, "u", leg(1), far, 3, TICKET, BackhaulAddress.NONE));
    other.expectMessage(new LegAnswer.Introduced(1, "u", leg(1), far, 3, TICKET, NEAR));
  }

  @Test
  void givesNoTicketToANodeThatNobodyCanDial() {
    TestProbe<LegAnswer> other = kit.createTestProbe();
    LegName far = new LegName(other.getRef(), 1);
    session.tell(join(far, Side.B, BackhaulAddress.NONE));
    session.tell(join(1, Side.A));
    other.expectMessage(new LegAnswer.Waits(1));
    other.expectMessage(introduced(1, leg(1), far));
    home.expectMessage(introduced(1, leg(1), far));
  }

  @Test
  void answersAWaiterThatAsksAgain() {
    session.tell(join(1, Side.A));
    session.tell(join(1, Side.A));
    home.expectMessage(new LegAnswer.Waits(1));
    home.expectMessage(new LegAnswer.Waits(1));
  }

  @Test
  void introducesALegAgainThatAsksAgain() {
    pair();
    session.tell(join(2, Side.B));
    home.expectMessage(introduced(2, leg(1), leg(2)));
  }

  @Test
  void refusesTheSameSideWhileOneWaits() {
    session.tell(join(1, Side.A));
    session.tell(join(2, Side.A));
    home.expectMessage(new LegAnswer.Waits(1));
    home.expectMessage(new LegAnswer.Refused(2, false));
  }

  @Test
  void refusesAThird() {
    pair();
    session.tell(join(3, Side.B));
    home.expectMessage(new LegAnswer.Refused(3, false));
  }

  @Test
  void refusesALateComerUntilTheTombstoneIsGone() {
    pair();
    session.tell(new RelaySession.Ended(leg(2), EndReason.FINISHED, 5));
    home.expectMessage(new LegAnswer.Noted(2));
    session.tell(join(3, Side.A));
    home.expectMessage(new LegAnswer.Refused(3, true));
    time.timePasses(RelaySession.TOMBSTONE);
    expectPassivation();
    session.tell(RelaySession.Stop.NOW);
    home.expectTerminated(session);
  }

  @Test
  void letsAWaiterGoAfterTheWait() {
    session.tell(join(1, Side.A));
    home.expectMessage(new LegAnswer.Waits(1));
    time.timePasses(WAIT);
    home.expectMessage(new LegAnswer.Expired(1));
    expectPassivation();
  }

  @Test
  void aWaitersTimerDoesNotTouchAPair() {
    session.tell(join(1, Side.A));
    home.expectMessage(new LegAnswer.Waits(1));
    time.timePasses(WAIT.minusSeconds(1));
    session.tell(join(2, Side.B));
    home.expectMessageClass(LegAnswer.Introduced.class);
    time.timePasses(WAIT);
    home.expectNoMessage();
    shard.expectNoMessage();
  }

  @Test
  void sendsAComerOnThatArrivesWhileItLeaves() {
    session.tell(join(1, Side.A));
    session.tell(new RelaySession.Left(leg(1)));
    session.tell(join(2, Side.A));
    expectPassivation();
    again.expectMessage(join(2, Side.A));
  }

  @Test
  void aLegThatNeverWaitedHereFreesNothing() {
    session.tell(join(1, Side.A));
    session.tell(new RelaySession.Left(leg(9)));
    session.tell(join(2, Side.B));
    home.expectMessage(new LegAnswer.Waits(1));
    home.expectMessageClass(LegAnswer.Introduced.class);
  }

  @Test
  void takesItsWaiterAlongWhenTheShardMoves() {
    session.tell(join(1, Side.B));
    session.tell(RelaySession.Stop.NOW);
    again.expectMessage(join(1, Side.B));
    home.expectTerminated(session);
  }

  @Test
  void freesThePlaceOfAWaiterWhoseNodeIsLost() {
    TestProbe<LegAnswer> lost = kit.createTestProbe();
    session.tell(join(new LegName(lost.getRef(), 1), Side.A, FAR));
    lost.expectMessage(new LegAnswer.Waits(1));
    lost.stop();
    expectPassivation();
  }

  @Test
  void endsAPairWhoseNodeIsLost() {
    TestProbe<LegAnswer> lost = kit.createTestProbe();
    session.tell(join(new LegName(lost.getRef(), 1), Side.A, FAR));
    session.tell(join(new LegName(lost.getRef(), 2), Side.B, FAR));
    lost.expectMessageClass(LegAnswer.Waits.class);
    lost.expectMessageClass(LegAnswer.Introduced.class);
    lost.stop();
    home.awaitAssert(() -> {
      session.tell(join(7, Side.A));
      return assertThat(home.receiveMessage()).isEqualTo(new LegAnswer.Refused(7, true));
    });
  }
}
