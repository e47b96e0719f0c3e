package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.session.SessionCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages of a node's legs to their sessions, resent until they are acknowledged: that a leg
 * looks for its partner, that a session is over, and, when a node and its sessions are lost, all
 * that is known here. For each leg only the last message counts. Pure, for one thread.
 */
final class Outbox {
  /** How long a message may go without an answer: its shard may be moving. */
  static final Duration RESEND = Duration.ofSeconds(2);

  /** When a message is given up. */
  static final Duration GIVE_UP = Duration.ofMinutes(2);

  /** The most messages sent in one turn. */
  static final int MAX_PER_TURN = 1_000;

  /** By leg, those that were sent longest ago first. */
  private final Map<Long, Sent> sent = new LinkedHashMap<>();

  private final Map<Long, Message> unsent = new LinkedHashMap<>();

  /** A message to the session of a uuid. */
  record Message(String uuid, SessionCommand command) {}

  private record Sent(Message message, long first, long last) {}

  /** A leg's message is sent now; it is to be resent until it is removed. */
  void onSent(long leg, Message message, long now) {
    remove(leg);
    sent.put(leg, new Sent(message, now, now));
  }

  /** A leg's message is to be sent in one of the next turns. */
  void add(long leg, Message message) {
    remove(leg);
    unsent.put(leg, message);
  }

  /** A leg's message is acknowledged, or means nothing any more. */
  void remove(long leg) {
    sent.remove(leg);
    unsent.remove(leg);
  }

  /** The messages to send in this turn. */
  List<Message> due(long now) {
    List<Message> turn = new ArrayList<>();
    List<Map.Entry<Long, Sent>> late =
        sent.entrySet().stream()
            .limit(MAX_PER_TURN)
            .takeWhile(entry -> now - entry.getValue().last >= RESEND.toNanos())
            .map(Map.Entry::copyOf)
            .toList();
    for (Map.Entry<Long, Sent> entry : late) {
      Sent before = entry.getValue();
      sent.remove(entry.getKey());
      if (now - before.first < GIVE_UP.toNanos()) {
        sent.put(entry.getKey(), new Sent(before.message, before.first, now));
        turn.add(before.message);
      }
    }
    Iterator<Map.Entry<Long, Message>> next = unsent.entrySet().iterator();
    while (turn.size() < MAX_PER_TURN && next.hasNext()) {
      Map.Entry<Long, Message> entry = Map.Entry.copyOf(next.next());
      next.remove();
      sent.put(entry.getKey(), new Sent(entry.getValue(), now, now));
      turn.add(entry.getValue());
    }
    return turn;
  }
}
