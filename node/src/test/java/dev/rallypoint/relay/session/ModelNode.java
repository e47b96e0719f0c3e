package dev.rallypoint.relay.session;

import dev.rallypoint.relay.legs.NodeLegs;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;

/** What a node knows of its legs: the rules of {@link NodeLegs}, without sockets. */
final class ModelNode {
  final TestInbox<SessionReply> inbox = TestInbox.create();
  final ArrayDeque<SessionCommand> inFlight = new ArrayDeque<>();
  final Map<Long, Leg> legs = new HashMap<>();
  final Map<Long, SessionCommand> unanswered = new HashMap<>();
  boolean hasTombstone;

  LegRef ref(long number) {
    return new LegRef(inbox.getRef(), number);
  }

  SessionCommand known() {
    SessionCommand absent =
        hasTombstone
            ? new SessionCommand.Ended(ref(0), EndReason.FINISHED, 0)
            : new SessionCommand.Unknown(inbox.getRef());
    return legs.values().stream()
        .filter(leg -> leg.pairing != null)
        .findAny()
        .map(Leg::message)
        .orElse(absent);
  }

  void send(long number, SessionCommand message) {
    unanswered.put(number, message);
    inFlight.add(message);
  }

  /** One of its legs. */
  static final class Leg {
    final SessionCommand.Join join;
    SessionReply.Paired pairing;

    Leg(SessionCommand.Join join) {
      this.join = join;
    }

    /** Whether these two are it and its partner. */
    boolean isOf(LegRef a, LegRef b) {
      return pairing != null && pairing.a().equals(a) && pairing.b().equals(b);
    }

    SessionCommand message() {
      return pairing == null
          ? join
          : new SessionCommand.Resumed(join.leg(), pairing.a(), pairing.b());
    }
  }
}
