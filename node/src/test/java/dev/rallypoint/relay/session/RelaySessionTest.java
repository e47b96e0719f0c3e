package dev.rallypoint.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.proto.ConnType;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One uuid's session as an actor, its time turned by hand. */
class RelaySessionTest {
  private static final Duration WAIT = SessionTestKit.WAIT;

  private static final Ticket TICKET = TicketTest.TICKET;
  private static final BackhaulAddress NEAR = new BackhaulAddress("near", 1);
  private static final BackhaulAddress FAR = new BackhaulAddress("far", 2);

  @RegisterExtension private static final SessionTestKit KIT = new SessionTestKit();

  private final TestProbe<SessionReply> node = KIT.node();
  private final SessionTestKit.Spawned spawned = KIT.spawn(Set.of());
  private final ActorRef<SessionCommand> session = spawned.session();
  private final TestProbe<ClusterSharding.ShardCommand> shard = spawned.shard();

  private LegRef leg(long number) {
    return new LegRef(node.getRef(), number);
  }

  private SessionCommand.Join join(long number, SessionSide side) {
    return join(leg(number), side, NEAR);
  }

  private static SessionCommand.Join join(LegRef leg, SessionSide side, BackhaulAddress backhaul) {
    return new SessionCommand.Join(
        leg, side, side == SessionSide.A ? ConnType.RDP.getNumber() : 0, backhaul);
  }

  private SessionReply.Paired pairing(long to, LegRef a, LegRef b) {
    return new SessionReply.Paired(to, "u", a, b, 3, Ticket.NONE, BackhaulAddress.NONE);
  }

  private void pair() {
    session.tell(join(1, SessionSide.A));
    node.expectMessage(new SessionReply.Waiting(1));
    session.tell(join(2, SessionSide.B));
    node.expectMessage(pairing(1, leg(1), leg(2)));
  }

  private void expectPassivation() {
    assertThat(shard.receiveMessage()).isInstanceOf(ClusterSharding.Passivate.class);
  }

  @Test
  void pairsTheTwoSidesOnce() {
    pair();
    session.tell(join(3, SessionSide.A));
    node.expectMessage(new SessionReply.Refused(3, false));
  }

  @Test
  void knowsTheConnTypeWhicheverSideCameFirst() {
    session.tell(join(1, SessionSide.B));
    session.tell(join(2, SessionSide.A));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessage(pairing(1, leg(2), leg(1)));
  }

  @Test
  void givesTwoNodesOneTicketAndTheLaterOneTheWay() {
    TestProbe<SessionReply> other = KIT.node();
    LegRef far = new LegRef(other.getRef(), 1);
    session.tell(join(1, SessionSide.A));
    session.tell(join(far, SessionSide.B, FAR));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessage(
        new SessionReply.Paired(1, "u", leg(1), far, 3, TICKET, BackhaulAddress.NONE));
    other.expectMessage(new SessionReply.Paired(1, "u", leg(1), far, 3, TICKET, NEAR));
  }

  @Test
  void givesNoTicketToANodeThatNobodyCanDial() {
    TestProbe<SessionReply> other = KIT.node();
    LegRef far = new LegRef(other.getRef(), 1);
    session.tell(join(far, SessionSide.B, BackhaulAddress.NONE));
    session.tell(join(1, SessionSide.A));
    other.expectMessage(new SessionReply.Waiting(1));
    other.expectMessage(pairing(1, leg(1), far));
    node.expectMessage(pairing(1, leg(1), far));
  }

  @Test
  void answersAWaiterThatAsksAgain() {
    session.tell(join(1, SessionSide.A));
    session.tell(join(1, SessionSide.A));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessage(new SessionReply.Waiting(1));
  }

  @Test
  void repeatsThePairingToALegThatAsksAgain() {
    pair();
    session.tell(join(2, SessionSide.B));
    node.expectMessage(pairing(2, leg(1), leg(2)));
  }

  @Test
  void refusesTheSameSideWhileOneWaits() {
    session.tell(join(1, SessionSide.A));
    session.tell(join(2, SessionSide.A));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessage(new SessionReply.Refused(2, false));
  }

  @Test
  void refusesAThird() {
    pair();
    session.tell(join(3, SessionSide.B));
    node.expectMessage(new SessionReply.Refused(3, false));
  }

  @Test
  void refusesALateComerUntilTheTombstoneIsGone() {
    pair();
    session.tell(new SessionCommand.Ended(leg(2), EndReason.FINISHED, 5));
    node.expectMessage(new SessionReply.Acknowledged(2));
    session.tell(join(3, SessionSide.A));
    node.expectMessage(new SessionReply.Refused(3, true));
    KIT.time().timePasses(RelaySession.TOMBSTONE);
    expectPassivation();
    session.tell(SessionCommand.Stop.NOW);
    node.expectTerminated(session);
  }

  @Test
  void letsAWaiterGoAfterTheWait() {
    session.tell(join(1, SessionSide.A));
    node.expectMessage(new SessionReply.Waiting(1));
    KIT.time().timePasses(WAIT);
    node.expectMessage(new SessionReply.Expired(1));
    expectPassivation();
  }

  @Test
  void aWaitersTimerDoesNotTouchAPair() {
    session.tell(join(1, SessionSide.A));
    node.expectMessage(new SessionReply.Waiting(1));
    KIT.time().timePasses(WAIT.minusSeconds(1));
    session.tell(join(2, SessionSide.B));
    node.expectMessageClass(SessionReply.Paired.class);
    KIT.time().timePasses(WAIT);
    session.tell(join(3, SessionSide.A));
    node.expectMessage(new SessionReply.Refused(3, false));
    var marker = new ClusterSharding.Passivate<>(node.getRef());
    shard.getRef().tell(marker);
    shard.expectMessage(marker);
  }

  @Test
  void sendsAComerOnThatArrivesWhileItLeaves() {
    session.tell(join(1, SessionSide.A));
    session.tell(new SessionCommand.Left(leg(1)));
    session.tell(join(2, SessionSide.A));
    expectPassivation();
    spawned.resent().expectMessage(join(2, SessionSide.A));
  }

  @Test
  void aLegThatNeverWaitedHereFreesNothing() {
    session.tell(join(1, SessionSide.A));
    session.tell(new SessionCommand.Left(leg(9)));
    session.tell(join(2, SessionSide.B));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessageClass(SessionReply.Paired.class);
  }

  @Test
  void takesItsWaiterAlongWhenTheShardMoves() {
    session.tell(join(1, SessionSide.B));
    session.tell(SessionCommand.Stop.NOW);
    spawned.resent().expectMessage(join(1, SessionSide.B));
    node.expectTerminated(session);
  }

  @Test
  void freesThePlaceOfAWaiterWhoseNodeIsLost() {
    TestProbe<SessionReply> lost = KIT.node();
    session.tell(join(new LegRef(lost.getRef(), 1), SessionSide.A, FAR));
    lost.expectMessage(new SessionReply.Waiting(1));
    lost.stop();
    expectPassivation();
  }

  @Test
  void endsAPairWhoseNodeIsLost() {
    TestProbe<SessionReply> lost = KIT.node();
    session.tell(join(new LegRef(lost.getRef(), 1), SessionSide.A, FAR));
    session.tell(join(new LegRef(lost.getRef(), 2), SessionSide.B, FAR));
    lost.expectMessageClass(SessionReply.Waiting.class);
    lost.expectMessageClass(SessionReply.Paired.class);
    lost.stop();
    node.awaitAssert(() -> {
      session.tell(join(7, SessionSide.A));
      return assertThat(node.receiveMessage()).isEqualTo(new SessionReply.Refused(7, true));
    });
  }

  @Test
  void tellsAWaiterThatItsPartnerWasRefused() {
    session.tell(join(1, SessionSide.A));
    node.expectMessage(new SessionReply.Waiting(1));
    session.tell(new SessionCommand.PartnerRefused(SessionSide.B));
    node.expectMessage(new SessionReply.PartnerRefused(1));
    expectPassivation();
  }

  @Test
  void aRefusalOfTheWaitersOwnSideIsNotItsPartners() {
    session.tell(join(1, SessionSide.A));
    node.expectMessage(new SessionReply.Waiting(1));
    session.tell(new SessionCommand.PartnerRefused(SessionSide.A));
    session.tell(join(2, SessionSide.B));
    node.expectMessage(pairing(1, leg(1), leg(2)));
  }

  @Test
  void aRefusalEndsNoSessionThatHasBegun() {
    pair();
    session.tell(new SessionCommand.PartnerRefused(SessionSide.B));
    session.tell(new SessionCommand.PartnerRefused(SessionSide.A));
    session.tell(join(2, SessionSide.B));
    node.expectMessage(pairing(2, leg(1), leg(2)));
  }

  @Test
  void tellsAPartnerThatComesAfterTheRefusal() {
    session.tell(new SessionCommand.PartnerRefused(SessionSide.B));
    session.tell(join(1, SessionSide.A));
    node.expectMessage(new SessionReply.PartnerRefused(1));
    expectPassivation();
  }

  @Test
  void aRefusedSideMayComeAgainWithTheRightKey() {
    session.tell(new SessionCommand.PartnerRefused(SessionSide.B));
    session.tell(join(1, SessionSide.B));
    node.expectMessage(new SessionReply.Waiting(1));
    session.tell(join(2, SessionSide.A));
    node.expectMessage(pairing(1, leg(2), leg(1)));
  }

  @Test
  void forgetsARefusalAfterTheWaitForAPartner() {
    session.tell(new SessionCommand.PartnerRefused(SessionSide.B));
    shard.expectNoMessage(Duration.ZERO);
    KIT.time().timePasses(WAIT);
    expectPassivation();
  }
}
