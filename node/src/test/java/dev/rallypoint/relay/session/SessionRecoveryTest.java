package dev.rallypoint.relay.session;

import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session whose shard may have been elsewhere: it asks the nodes before it does anything. */
class SessionRecoveryTest {
  @RegisterExtension private static final SessionTestKit KIT = new SessionTestKit();

  private final TestProbe<SessionReply> node = KIT.node();
  private final TestProbe<SessionReply> other = KIT.node();
  private final ActorRef<SessionCommand> session =
      KIT.spawn(Set.of(node.getRef(), other.getRef())).session();

  @BeforeEach
  void ask() {
    join(1, SessionSide.A);
    join(2, SessionSide.B);
    node.expectMessage(new SessionReply.RecoveryQuery(0, "u", session));
    other.expectMessage(new SessionReply.RecoveryQuery(0, "u", session));
  }

  private void join(long number, SessionSide side) {
    session.tell(
        new SessionCommand.Join(new LegRef(node.getRef(), number), side, 0, BackhaulAddress.NONE));
  }

  @Test
  void pairsOnceAllNodesKnowNothing() {
    session.tell(new SessionCommand.Unknown(node.getRef()));
    KIT.time().expectNoMessageFor(Duration.ofMillis(500), node);
    session.tell(new SessionCommand.Unknown(other.getRef()));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessageClass(SessionReply.Paired.class);
  }

  @Test
  void pairsThoughANodeDoesNotAnswer() {
    session.tell(new SessionCommand.Unknown(node.getRef()));
    KIT.time().timePasses(Duration.ofSeconds(1));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessageClass(SessionReply.Paired.class);
  }

  @Test
  void refusesBothWhenANodeKnowsAPair() {
    LegRef a = new LegRef(other.getRef(), 7);
    session.tell(new SessionCommand.Resumed(a, a, new LegRef(other.getRef(), 8)));
    other.expectMessage(new SessionReply.Acknowledged(7));
    node.expectMessage(new SessionReply.Refused(1, false));
    node.expectMessage(new SessionReply.Refused(2, false));
  }

  @Test
  void refusesBothWhenANodeKnowsThatItIsOver() {
    LegRef a = new LegRef(other.getRef(), 0);
    session.tell(new SessionCommand.Ended(a, EndReason.FINISHED, 0));
    other.expectMessage(new SessionReply.Acknowledged(0));
    node.expectMessage(new SessionReply.Refused(1, true));
    node.expectMessage(new SessionReply.Refused(2, true));
  }
}
