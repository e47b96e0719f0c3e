package dev.rallypoint.app.management;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Reading;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Asks the database whether it answers, every ten seconds, and how many ids it has, every five
 * minutes: for the metrics. One question of each kind is under way at a time.
 */
final class DatabaseProbe {
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(10);
  private static final Duration BETWEEN_COUNTS = Duration.ofMinutes(5);

  /** An id that clients cannot have. */
  private static final PeerId NOBODY = new PeerId("-");

  private final PeerStore store;
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private final AtomicBoolean isCounting = new AtomicBoolean();
  private volatile boolean isUp = true; // it was opened just now
  private volatile double stored = Double.NaN;

  private DatabaseProbe(PeerStore store) {
    this.store = store;
  }

  /** Begins to ask; ends with the actor system. */
  static void start(ActorSystem<?> system, PeerStore store, Counters counters) {
    DatabaseProbe probe = new DatabaseProbe(store);
    counters.gauge(Reading.DATABASE_UP, () -> probe.isUp ? 1 : 0);
    counters.gauge(Reading.PEERS_STORED, () -> probe.stored);
    Cancellable asking =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                Duration.ZERO, BETWEEN_QUESTIONS, probe::ask, system.executionContext());
    Cancellable counting =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                Duration.ZERO, BETWEEN_COUNTS, probe::count, system.executionContext());
    system
        .getWhenTerminated()
        .whenComplete((done, failure) -> {
          asking.cancel();
          counting.cancel();
        });
  }

  private void ask() {
    if (isAsking.compareAndSet(false, true)) {
      store
          .find(NOBODY)
          .whenComplete((row, failure) -> {
            isUp = failure == null;
            isAsking.set(false);
          });
    }
  }

  private void count() {
    if (isCounting.compareAndSet(false, true)) {
      store
          .count()
          .whenComplete((count, failure) -> {
            if (count != null) {
              stored = count;
            }
            isCounting.set(false);
          });
    }
  }
}
