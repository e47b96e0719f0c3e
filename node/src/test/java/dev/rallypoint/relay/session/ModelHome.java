package dev.rallypoint.relay.session;

import dev.rallypoint.relay.legs.NodeLegs;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;

/** What a home knows: the rules of {@link NodeLegs}, without sockets. */
final class ModelHome {
  final TestInbox<SessionReply> inbox = TestInbox.create();
  final ArrayDeque<SessionCommand> way = new ArrayDeque<>();
  final Map<Long, Guest> guests = new HashMap<>();
  final Map<Long, SessionCommand> unanswered = new HashMap<>();
  boolean hasTombstone;

  LegRef name(long number) {
    return new LegRef(inbox.getRef(), number);
  }

  SessionCommand memory() {
    SessionCommand absent =
        hasTombstone
            ? new SessionCommand.Ended(name(0), EndReason.FINISHED, 0)
            : new SessionCommand.Unknown(inbox.getRef());
    return guests.values().stream()
        .filter(guest -> guest.introduced != null)
        .findAny()
        .map(Guest::word)
        .orElse(absent);
  }

  void say(long number, SessionCommand word) {
    unanswered.put(number, word);
    way.add(word);
  }

  /** One of its legs. */
  static final class Guest {
    final SessionCommand.Join join;
    SessionReply.Paired introduced;

    Guest(SessionCommand.Join join) {
      this.join = join;
    }

    /** Whether it was introduced as one of these two. */
    boolean isOf(LegRef a, LegRef b) {
      return introduced != null && introduced.a().equals(a) && introduced.b().equals(b);
    }

    SessionCommand word() {
      return introduced == null
          ? join
          : new SessionCommand.Resumed(join.leg(), introduced.a(), introduced.b());
    }
  }
}
