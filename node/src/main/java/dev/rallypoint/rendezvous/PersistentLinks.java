package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.KeepAlive;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.Link;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a node that clients keep open: registration links and HealthCheck links. Their
 * end alone makes a client go to another node, so a node that leaves its cluster closes them, not
 * all at once, because each client connects again at once. Safe for all threads.
 */
final class PersistentLinks {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** At least this many are closed in an interval, and all within this many intervals. */
  private static final int LEAST_PER_INTERVAL = 20;

  private static final int MAX_INTERVALS = 100;

  private final Set<ActorRef<Link.Message>> links = ConcurrentHashMap.newKeySet();
  private final Set<PeerAddress> webSockets = ConcurrentHashMap.newKeySet();
  private final KeepAlive rule;
  private final RandomGenerator random;
  private final Counters counters;
  private @Nullable Cancellable closing;

  PersistentLinks(KeepAlive rule, RandomGenerator random, Counters counters) {
    this.rule = rule;
    this.random = random;
    this.counters = counters;
  }

  /** How long clients are told to wait for a heartbeat, in seconds. */
  int keepAliveSeconds() {
    return rule.seconds();
  }

  /** Adds a connection and begins its heartbeats. */
  LinkKeepAlive add(ClientLink link) {
    links.add(link.ref());
    if (link.onWebSocket()) {
      webSockets.add(link.address());
    }
    return new LinkKeepAlive(rule, random, link);
  }

  /** A connection is closed. */
  void remove(ClientLink link) {
    links.remove(link.ref());
    webSockets.remove(link.address());
  }

  /** Whether a client keeps a WebSocket open from this address. */
  boolean isWebSocket(PeerAddress address) {
    return webSockets.contains(address);
  }

  /** How many are open. */
  int size() {
    return links.size();
  }

  /** Begins to close them, those that are added from now on too. */
  synchronized void leave(ActorSystem<?> system) {
    if (closing == null) {
      int atOnce = Math.max(LEAST_PER_INTERVAL, links.size() / MAX_INTERVALS + 1);
      closing =
          system
              .scheduler()
              .scheduleAtFixedRate(
                  Duration.ZERO, INTERVAL, () -> close(atOnce), system.executionContext());
    }
  }

  /** Closes no more; what is open ends with the process. */
  synchronized void stop() {
    if (closing != null) {
      closing.cancel();
    }
  }

  private void close(int atOnce) {
    Iterator<ActorRef<Link.Message>> open = links.iterator();
    for (int i = 0; i < atOnce && open.hasNext(); i++) {
      ActorRef<Link.Message> link = open.next();
      open.remove();
      counters.dropped(DropReason.NODE_LEAVING);
      link.tell(new Link.Finish());
    }
  }
}
