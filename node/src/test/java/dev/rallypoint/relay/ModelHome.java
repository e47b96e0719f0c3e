package dev.rallypoint.relay;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;

/** What a home knows: the rules of {@link LegHome}, without sockets. */
final class ModelHome {
  final TestInbox<LegAnswer> inbox = TestInbox.create();
  final ArrayDeque<RelaySession.Command> way = new ArrayDeque<>();
  final Map<Long, Guest> guests = new HashMap<>();
  final Map<Long, RelaySession.Command> unanswered = new HashMap<>();
  boolean isEntombed;

  LegName name(long number) {
    return new LegName(inbox.getRef(), number);
  }

  RelaySession.Command memory() {
    RelaySession.Command absent =
        isEntombed
            ? new RelaySession.Ended(name(0), EndReason.FINISHED, 0)
            : new RelaySession.Unknown(inbox.getRef());
    return guests.values().stream()
        .filter(guest -> guest.introduced != null)
        .findAny()
        .map(Guest::word)
        .orElse(absent);
  }

  void say(long number, RelaySession.Command word) {
    unanswered.put(number, word);
    way.add(word);
  }

  /** One of its legs. */
  static final class Guest {
    final RelaySession.Join join;
    LegAnswer.Introduced introduced;

    Guest(RelaySession.Join join) {
      this.join = join;
    }

    /** Whether it was introduced as one of these two. */
    boolean isOf(LegName a, LegName b) {
      return introduced != null && introduced.a().equals(a) && introduced.b().equals(b);
    }

    RelaySession.Command word() {
      return introduced == null
          ? join
          : new RelaySession.Resumed(join.leg(), introduced.a(), introduced.b());
    }
  }
}
