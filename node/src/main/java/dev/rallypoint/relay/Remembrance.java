package dev.rallypoint.relay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a leg's home says to sessions more than once: a Join until it is answered, and all it knows
 * when a node is lost and sessions with it, a few at a time. Pure, for one thread.
 */
final class Remembrance {
  /** How long a Join may go unanswered: its shard may be away. */
  static final Duration REPEAT = Duration.ofSeconds(2);

  /** How many guests are told of again in one turn. */
  static final int PACE = 200;

  private final Map<Guest, Long> asked = new LinkedHashMap<>();
  private final ArrayDeque<Guest> toTell = new ArrayDeque<>();

  /** Something for the session of a uuid. */
  record Word(String uuid, RelaySession.Command command) {}

  /** A guest asks its session now. */
  void asks(Guest guest, long now) {
    asked.put(guest, now);
  }

  /** A guest was answered, or is gone. */
  void settle(Guest guest) {
    asked.remove(guest);
  }

  /** Sessions may have been lost: these guests' are to hear of them again. */
  void retell(List<Guest> guests) {
    toTell.addAll(guests);
  }

  /**
   * What is to be said in this turn.
   *
   * @param isHere whether a guest has not gone meanwhile
   */
  List<Word> due(long now, Predicate<Guest> isHere) {
    List<Word> words = new ArrayList<>();
    Iterator<Map.Entry<Guest, Long>> oldest = asked.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Guest, Long> entry = oldest.next();
      if (now - entry.getValue() >= REPEAT.toNanos()) {
        entry.setValue(now);
        words.add(word(entry.getKey()));
      }
    }
    for (int turn = 0; turn < PACE && !toTell.isEmpty(); turn++) {
      Guest guest = toTell.remove();
      if (isHere.test(guest)) {
        words.add(word(guest));
      }
    }
    return words;
  }

  private static Word word(Guest guest) {
    LegAnswer.Introduced introduced = guest.introduced();
    return new Word(
        guest.uuid(),
        introduced == null
            ? guest.join()
            : new RelaySession.Resumed(introduced.a(), introduced.b()));
  }
}
