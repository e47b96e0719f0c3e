package dev.rallypoint.registration;

import dev.rallypoint.transport.Push;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The connections whose RegisterPk messages wait for an entity's answer, and which of them have
 * closed meanwhile. Holds nothing of a connection that waits for no answer. Not safe for threads.
 */
final class LinkClaims {
  private final Map<ActorRef<Push>, Integer> waiting = new HashMap<>();
  private final Set<ActorRef<Push>> closed = new HashSet<>();

  /** One more message of the connection waits. */
  void begin(ActorRef<Push> link) {
    waiting.merge(link, 1, Integer::sum);
  }

  /** One message waits no more; true when the connection has closed meanwhile. */
  boolean end(ActorRef<Push> link) {
    boolean isLast = waiting.merge(link, -1, (n, one) -> n == 1 ? null : n - 1) == null;
    return isLast ? closed.remove(link) : closed.contains(link);
  }

  void close(ActorRef<Push> link) {
    if (waiting.containsKey(link)) {
      closed.add(link);
    }
  }
}
