package dev.rallypoint.relay;

import dev.rallypoint.policy.RuleName;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Reads the files of the two lists again when they change. It reads files and waits for nothing
 * else, so it belongs on a dispatcher for blocking work.
 */
final class AddressListWatch {
  private final RelayRuleBook book;
  private final Map<RuleName, String> used = new EnumMap<>(RuleName.class);
  private final Map<RuleName, String> last = new EnumMap<>(RuleName.class);

  /** Tells to look at the files now. */
  enum Look {
    NOW
  }

  private AddressListWatch(RelayRuleBook book) {
    this.book = book;
    RelayRuleBook.LISTS.forEach(name -> {
      String state = book.file(name).state();
      used.put(name, state);
      last.put(name, state);
    });
  }

  /**
   * Watches the files of a book.
   *
   * @param every how often to look; a change counts once it is seen twice, so that a file that is
   *     half written is not taken
   */
  static Behavior<Look> create(RelayRuleBook book, Duration every) {
    return Behaviors.withTimers(timers -> {
      timers.startTimerWithFixedDelay(Look.NOW, every);
      AddressListWatch watch = new AddressListWatch(book);
      return Behaviors.receiveMessage(look -> {
        RelayRuleBook.LISTS.forEach(watch::look);
        return Behaviors.same();
      });
    });
  }

  private void look(RuleName name) {
    String now = book.file(name).state();
    boolean isSettled = now.equals(last.put(name, now));
    if (isSettled && !now.equals(used.put(name, now))) {
      book.readAgain(name);
    }
  }
}
