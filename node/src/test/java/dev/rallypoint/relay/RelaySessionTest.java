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

  private static ActorTestKit kit;
  private static ManualTime time;
  private TestProbe<RelaySession.Answer> home;
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
    session = kit.spawn(RelaySession.create("u", WAIT, shard.getRef(), again.getRef()::tell));
  }

  private LegName leg(long number) {
    return new LegName(home.getRef(), number);
  }

  private RelaySession.Join join(long number, Side side) {
    return new RelaySession.Join(leg(number), side, side == Side.A ? ConnType.RDP.getNumber() : 0);
  }

  private void pair() {
    session.tell(join(1, Side.A));
    home.expectMessage(new RelaySession.Waits(1));
    session.tell(join(2, Side.B));
    home.expectMessage(new RelaySession.Introduced(1, "u", leg(1), leg(2), 3));
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
    home.expectMessage(new RelaySession.Waits(1));
    home.expectMessage(new RelaySession.Introduced(2, "u", leg(2), leg(1), 3));
  }

  @Test
  void tellsEachHomeWhenTheLegsAreOfTwoNodes() {
    TestProbe<RelaySession.Answer> other = kit.createTestProbe();
    LegName far = new LegName(other.getRef(), 1);
    session.tell(join(1, Side.A));
    session.tell(new RelaySession.Join(far, Side.B, 0));
    home.expectMessage(new RelaySession.Waits(1));
    home.expectMessage(new RelaySession.Introduced(1, "u", leg(1), far, 3));
    other.expectMessage(new RelaySession.Introduced(1, "u", leg(1), far, 3));
  }

  @Test
  void refusesTheSameSideWhileOneWaits() {
    session.tell(join(1, Side.A));
    session.tell(join(2, Side.A));
    home.expectMessage(new RelaySession.Waits(1));
    home.expectMessage(new RelaySession.Refused(2, false));
  }

  @Test
  void refusesAThird() {
    pair();
    session.tell(join(3, Side.B));
    home.expectMessage(new RelaySession.Refused(3, false));
  }

  @Test
  void refusesALateComerUntilTheTombstoneIsGone() {
    pair();
    session.tell(new RelaySession.Ended(leg(2), EndReason.FINISHED, 5));
    session.tell(join(3, Side.A));
    home.expectMessage(new RelaySession.Refused(3, true));
    time.timePasses(RelaySession.TOMBSTONE);
    expectPassivation();
    session.tell(RelaySession.Stop.NOW);
    home.expectTerminated(session);
  }

  @Test
  void letsAWaiterGoAfterTheWait() {
    session.tell(join(1, Side.A));
    home.expectMessage(new RelaySession.Waits(1));
    time.timePasses(WAIT);
    home.expectMessage(new RelaySession.Expired(1));
    expectPassivation();
  }

  @Test
  void aWaitersTimerDoesNotTouchAPair() {
    session.tell(join(1, Side.A));
    home.expectMessage(new RelaySession.Waits(1));
    time.timePasses(WAIT.minusSeconds(1));
    session.tell(join(2, Side.B));
    home.expectMessageClass(RelaySession.Introduced.class);
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
    home.expectMessage(new RelaySession.Waits(1));
    home.expectMessageClass(RelaySession.Introduced.class);
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
    TestProbe<RelaySession.Answer> lost = kit.createTestProbe();
    session.tell(new RelaySession.Join(new LegName(lost.getRef(), 1), Side.A, 0));
    lost.expectMessage(new RelaySession.Waits(1));
    lost.stop();
    expectPassivation();
  }

  @Test
  void endsAPairWhoseNodeIsLost() {
    TestProbe<RelaySession.Answer> lost = kit.createTestProbe();
    session.tell(new RelaySession.Join(new LegName(lost.getRef(), 1), Side.A, 0));
    session.tell(new RelaySession.Join(new LegName(lost.getRef(), 2), Side.B, 0));
    lost.expectMessageClass(RelaySession.Waits.class);
    lost.expectMessageClass(RelaySession.Introduced.class);
    lost.stop();
    home.awaitAssert(() -> {
      session.tell(join(7, Side.A));
      return assertThat(home.receiveMessage()).isEqualTo(new RelaySession.Refused(7, true));
    });
  }

  @Test
  void everyMessageSurvivesTheTripToAnotherNode() {
    var serialization = kit.serializationTestKit();
    serialization.verifySerialization(join(4, Side.A), true);
    serialization.verifySerialization(new RelaySession.Left(leg(4)), true);
    serialization.verifySerialization(
        new RelaySession.Ended(leg(4), EndReason.STALLED, 1L << 40), true);
    serialization.verifySerialization(new RelaySession.Waits(4), true);
    serialization.verifySerialization(new RelaySession.Introduced(4, "u", leg(4), leg(5), 2), true);
    serialization.verifySerialization(new RelaySession.Refused(4, true), true);
    serialization.verifySerialization(new RelaySession.Expired(4), true);
  }
}
