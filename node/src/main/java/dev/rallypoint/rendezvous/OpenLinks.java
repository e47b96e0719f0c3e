package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.transport.Link;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * The connections that clients hold open, registrations above all. Nothing but their end tells a
 * client to go to another node, so a node that leaves closes them: at a pace, for each client comes
 * back at once, at one of the others. Safe for all threads.
 */
final class OpenLinks {
  private static final Duration TICK = Duration.ofMillis(100);

  /** So many are closed in a tick, or more, so that all are in this many ticks. */
  private static final int LEAST = 20;

  private static final int MOST_TICKS = 100;

  private final Set<ActorRef<Object>> links = ConcurrentHashMap.newKeySet();
  private final Counters counters;
  private @Nullable Cancellable closing;

  OpenLinks(Counters counters) {
    this.counters = counters;
  }

  /** A client means to hold this connection open. */
  void add(ActorRef<Object> link) {
    links.add(link);
  }

  /** A connection is gone. */
  void remove(ActorRef<Object> link) {
    links.remove(link);
  }

  /** Begins to close them, those too that are added from now on. */
  synchronized void leave(ActorSystem<?> system) {
    if (closing == null) {
      int atOnce = Math.max(LEAST, links.size() / MOST_TICKS + 1);
      closing =
          system
              .scheduler()
              .scheduleAtFixedRate(
                  Duration.ZERO, TICK, () -> close(atOnce), system.executionContext());
    }
  }

  /** Closes no more; what is open ends with the process. */
  synchronized void stop() {
    if (closing != null) {
      closing.cancel();
    }
  }

  private void close(int atOnce) {
    Iterator<ActorRef<Object>> open = links.iterator();
    for (int i = 0; i < atOnce && open.hasNext(); i++) {
      ActorRef<Object> link = open.next();
      open.remove();
      counters.dropped(DropReason.NODE_LEAVING);
      link.tell(new Link.Finish());
    }
  }
}
