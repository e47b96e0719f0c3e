package dev.rallypoint.relay.session;

import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a session takes along when its shard moves, and what nodes tell the next incarnation. */
class RelaySessionMoveTest {
  @RegisterExtension private static final SessionTestKit KIT = new SessionTestKit();

  private final TestProbe<SessionReply> here = KIT.node();
  private final TestProbe<SessionReply> there = KIT.node();
  private final SessionTestKit.Spawned spawned = KIT.spawn(Set.of());
  private final ActorRef<SessionCommand> session = spawned.session();
  private final TestProbe<SessionCommand> resent = spawned.resent();
  private final LegRef a = new LegRef(here.getRef(), 1);
  private final LegRef b = new LegRef(there.getRef(), 1);

  private void join(LegRef leg, SessionSide side) {
    session.tell(new SessionCommand.Join(leg, side, 0, new BackhaulAddress("node", 1)));
  }

  private void pair() {
    join(a, SessionSide.A);
    join(b, SessionSide.B);
    here.expectMessageClass(SessionReply.Waiting.class);
    here.expectMessageClass(SessionReply.Paired.class);
    there.expectMessageClass(SessionReply.Paired.class);
  }

  private void expectTaken() {
    join(new LegRef(here.getRef(), 9), SessionSide.B);
    here.expectMessage(new SessionReply.Refused(9, false));
  }

  private void expectTombstone() {
    join(new LegRef(here.getRef(), 9), SessionSide.B);
    here.expectMessage(new SessionReply.Refused(9, true));
  }

  @Test
  void aPairIsToldToTheNextIncarnation() {
    pair();
    session.tell(SessionCommand.Stop.NOW);
    resent.expectMessage(new SessionCommand.Resumed(a, a, b));
  }

  @Test
  void aTombstoneIsToldToTheNextIncarnation() {
    pair();
    SessionCommand.Ended end = new SessionCommand.Ended(a, EndReason.FINISHED, 7);
    session.tell(end);
    session.tell(SessionCommand.Stop.NOW);
    resent.expectMessage(end);
  }

  @Test
  void theNextIncarnationKeepsTheUuidTaken() {
    session.tell(new SessionCommand.Resumed(a, a, b));
    here.expectMessage(new SessionReply.Acknowledged(1));
    expectTaken();
    session.tell(new SessionCommand.Ended(b, EndReason.FINISHED, 7));
    here.expectMessage(new SessionReply.PartnerGone(1));
    expectTombstone();
  }

  @Test
  void anEndThatTheLastIncarnationMissedMakesTheTombstone() {
    session.tell(new SessionCommand.Ended(b, EndReason.FINISHED, 7));
    expectTombstone();
  }

  @Test
  void aWaiterThatSlippedInIsTurnedAway() {
    join(new LegRef(here.getRef(), 5), SessionSide.A);
    here.expectMessage(new SessionReply.Waiting(5));
    session.tell(new SessionCommand.Resumed(a, a, b));
    here.expectMessage(new SessionReply.Refused(5, false));
    here.expectMessage(new SessionReply.Acknowledged(1));
    expectTaken();
  }

  @Test
  void aWaiterThatSlippedInBehindAnEndIsLate() {
    join(new LegRef(here.getRef(), 5), SessionSide.A);
    here.expectMessage(new SessionReply.Waiting(5));
    session.tell(new SessionCommand.Ended(b, EndReason.FINISHED, 7));
    here.expectMessage(new SessionReply.Refused(5, true));
    expectTombstone();
  }

  @Test
  void aResumedLegThatHasNoPartnerIsRefused() {
    session.tell(new SessionCommand.Resumed(a, a, b));
    here.expectMessage(new SessionReply.Acknowledged(1));
    join(b, SessionSide.B);
    there.expectMessage(new SessionReply.Refused(1, false));
  }

  @Test
  void thePartnerHearsOfALegThatLeftBeforeTheyMet() {
    pair();
    session.tell(new SessionCommand.Left(b));
    here.expectMessage(new SessionReply.PartnerGone(1));
    expectTombstone();
  }

  @Test
  void aResumedSessionEndsWithTheNodeOfALeg() {
    session.tell(new SessionCommand.Resumed(a, a, b));
    here.expectMessage(new SessionReply.Acknowledged(1));
    there.stop();
    here.expectMessage(new SessionReply.PartnerGone(1));
    expectTombstone();
    resent.getRef().tell(SessionCommand.Stop.NOW); // comes behind all that was sent
    resent.expectMessage(SessionCommand.Stop.NOW);
  }
}
