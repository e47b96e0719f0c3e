package dev.rallypoint.relay.session;

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

  private static final Ticket TICKET = TicketTest.TICKET;
  private static final BackhaulAddress NEAR = new BackhaulAddress("near", 1);
  private static final BackhaulAddress FAR = new BackhaulAddress("far", 2);

  private static ActorTestKit kit;
  private static ManualTime time;
  private TestProbe<SessionReply> home;
  private TestProbe<SessionCommand> again;
  private TestProbe<ClusterSharding.ShardCommand> shard;
  private ActorRef<SessionCommand> session;

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
                new SessionContext(
                    WAIT,
                    () -> TICKET,
                    shard.getRef(),
                    again.getRef()::tell,
                    java.util.Set::of,
                    () -> true)));
  }

  private LegRef leg(long number) {
    return new LegRef(home.getRef(), number);
  }

  private SessionCommand.Join join(long number, SessionSide side) {
    return join(leg(number), side, NEAR);
  }

  private static SessionCommand.Join join(LegRef leg, SessionSide side, BackhaulAddress backhaul) {
    return new SessionCommand.Join(
        leg, side, side == SessionSide.A ? ConnType.RDP.getNumber() : 0, backhaul);
  }

  private SessionReply.Paired introduced(long to, LegRef a, LegRef b) {
    return new SessionReply.Paired(to, "u", a, b, 3, Ticket.NONE, BackhaulAddress.NONE);
  }

  private void pair() {
    session.tell(join(1, SessionSide.A));
    home.expectMessage(new SessionReply.Waiting(1));
    session.tell(join(2, SessionSide.B));
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
    session.tell(join(1, SessionSide.B));
    session.tell(join(2, SessionSide.A));
    home.expectMessage(new SessionReply.Waiting(1));
    home.expectMessage(introduced(1, leg(2), leg(1)));
  }

  @Test
  void givesTwoNodesOneTicketAndTheLaterOneTheWay() {
    TestProbe<SessionReply> other = kit.createTestProbe();
    LegRef far = new LegRef(other.getRef(), 1);
    session.tell(join(1, SessionSide.A));
    session.tell(join(far, SessionSide.B, FAR));
    home.expectMessage(new SessionReply.Waiting(1));
    home.expectMessage(
        new SessionReply.Paired(1, "u", leg(1), far, 3, TICKET, BackhaulAddress.NONE));
    other.expectMessage(new SessionReply.Paired(1, "u", leg(1), far, 3, TICKET, NEAR));
  }

  @Test
  void givesNoTicketToANodeThatNobodyCanDial() {
    TestProbe<SessionReply> other = kit.createTestProbe();
    LegRef far = new LegRef(other.getRef(), 1);
    session.tell(join(far, SessionSide.B, BackhaulAddress.NONE));
    session.tell(join(1, SessionSide.A));
    other.expectMessage(new SessionReply.Waiting(1));
    other.expectMessage(introduced(1, leg(1), far));
    home.expectMessage(introduced(1, leg(1), far));
  }

  @Test
  void answersAWaiterThatAsksAgain() {
    session.tell(join(1, SessionSide.A));
    session.tell(join(1, SessionSide.A));
    home.expectMessage(new SessionReply.Waiting(1));
    home.expectMessage(new SessionReply.Waiting(1));
  }

  @Test
  void introducesALegAgainThatAsksAgain() {
    pair();
    session.tell(join(2, SessionSide.B));
    home.expectMessage(introduced(2, leg(1), leg(2)));
  }

  @Test
  void refusesTheSameSideWhileOneWaits() {
    session.tell(join(1, SessionSide.A));
    session.tell(join(2, SessionSide.A));
    home.expectMessage(new SessionReply.Waiting(1));
    home.expectMessage(new SessionReply.Refused(2, false));
  }

  @Test
  void refusesAThird() {
    pair();
    session.tell(join(3, SessionSide.B));
    home.expectMessage(new SessionReply.Refused(3, false));
  }

  @Test
  void refusesALateComerUntilTheTombstoneIsGone() {
    pair();
    session.tell(new SessionCommand.Ended(leg(2), EndReason.FINISHED, 5));
    home.expectMessage(new SessionReply.Acknowledged(2));
    session.tell(join(3, SessionSide.A));
    home.expectMessage(new SessionReply.Refused(3, true));
    time.timePasses(RelaySession.TOMBSTONE);
    expectPassivation();
    session.tell(SessionCommand.Stop.NOW);
    home.expectTerminated(session);
  }

  @Test
  void letsAWaiterGoAfterTheWait() {
    session.tell(join(1, SessionSide.A));
    home.expectMessage(new SessionReply.Waiting(1));
    time.timePasses(WAIT);
    home.expectMessage(new SessionReply.Expired(1));
    expectPassivation();
  }

  @Test
  void aWaitersTimerDoesNotTouchAPair() {
    session.tell(join(1, SessionSide.A));
    home.expectMessage(new SessionReply.Waiting(1));
    time.timePasses(WAIT.minusSeconds(1));
    session.tell(join(2, SessionSide.B));
    home.expectMessageClass(SessionReply.Paired.class);
    time.timePasses(WAIT);
    home.expectNoMessage();
    shard.expectNoMessage();
  }

  @Test
  void sendsAComerOnThatArrivesWhileItLeaves() {
    session.tell(join(1, SessionSide.A));
    session.tell(new SessionCommand.Left(leg(1)));
    session.tell(join(2, SessionSide.A));
    expectPassivation();
    again.expectMessage(join(2, SessionSide.A));
  }

  @Test
  void aLegThatNeverWaitedHereFreesNothing() {
    session.tell(join(1, SessionSide.A));
    session.tell(new SessionCommand.Left(leg(9)));
    session.tell(join(2, SessionSide.B));
    home.expectMessage(new SessionReply.Waiting(1));
    home.expectMessageClass(SessionReply.Paired.class);
  }

  @Test
  void takesItsWaiterAlongWhenTheShardMoves() {
    session.tell(join(1, SessionSide.B));
    session.tell(SessionCommand.Stop.NOW);
    again.expectMessage(join(1, SessionSide.B));
    home.expectTerminated(session);
  }

  @Test
  void freesThePlaceOfAWaiterWhoseNodeIsLost() {
    TestProbe<SessionReply> lost = kit.createTestProbe();
    session.tell(join(new LegRef(lost.getRef(), 1), SessionSide.A, FAR));
    lost.expectMessage(new SessionReply.Waiting(1));
    lost.stop();
    expectPassivation();
  }

  @Test
  void endsAPairWhoseNodeIsLost() {
    TestProbe<SessionReply> lost = kit.createTestProbe();
    session.tell(join(new LegRef(lost.getRef(), 1), SessionSide.A, FAR));
    session.tell(join(new LegRef(lost.getRef(), 2), SessionSide.B, FAR));
    lost.expectMessageClass(SessionReply.Waiting.class);
    lost.expectMessageClass(SessionReply.Paired.class);
    lost.stop();
    home.awaitAssert(() -> {
      session.tell(join(7, SessionSide.A));
      return assertThat(home.receiveMessage()).isEqualTo(new SessionReply.Refused(7, true));
    });
  }
}
