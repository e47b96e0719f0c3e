package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.session.RelaySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a leg's home says to sessions until it is answered: that a leg asks for its partner, that a
 * session is over, and, when a node is lost and sessions with it, all it knows. For each leg only
 * the last word counts. So many words a turn at most. Pure, for one thread.
 */
final class Outbox {
  /** How long a word may go unanswered: its shard may be away. */
  static final Duration REPEAT = Duration.ofSeconds(2);

  /** When a word is given up. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** How many words are said in one turn. */
  static final int PACE = 1_000;

  /** By leg, those that were said longest ago first. */
  private final Map<Long, Said> said = new LinkedHashMap<>();

  private final Map<Long, Word> unsaid = new LinkedHashMap<>();

  /** Something for the session of a uuid. */
  record Word(String uuid, RelaySession.Command command) {}

  private record Said(Word word, long first, long last) {}

  /** A leg's word is said now; it is to be said again until it is settled. */
  void onSaid(long leg, Word word, long now) {
    settle(leg);
    said.put(leg, new Said(word, now, now));
  }

  /** A leg's word is to be said soon. */
  void add(long leg, Word word) {
    settle(leg);
    unsaid.put(leg, word);
  }

  /** A leg's word was answered, or means nothing any more. */
  void settle(long leg) {
    said.remove(leg);
    unsaid.remove(leg);
  }

  /** What is to be said in this turn. */
  List<Word> due(long now) {
    List<Word> turn = new ArrayList<>();
    List<Map.Entry<Long, Said>> late =
        said.entrySet().stream()
            .limit(PACE)
            .takeWhile(entry -> now - entry.getValue().last >= REPEAT.toNanos())
            .map(Map.Entry::copyOf)
            .toList();
    for (Map.Entry<Long, Said> entry : late) {
      Said before = entry.getValue();
      said.remove(entry.getKey());
      if (now - before.first < PATIENCE.toNanos()) {
        said.put(entry.getKey(), new Said(before.word, before.first, now));
        turn.add(before.word);
      }
    }
    Iterator<Map.Entry<Long, Word>> next = unsaid.entrySet().iterator();
    while (turn.size() < PACE && next.hasNext()) {
      Map.Entry<Long, Word> entry = Map.Entry.copyOf(next.next());
      next.remove();
      said.put(entry.getKey(), new Said(entry.getValue(), now, now));
      turn.add(entry.getValue());
    }
    return turn;
  }
}
