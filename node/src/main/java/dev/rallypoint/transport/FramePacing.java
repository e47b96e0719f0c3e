package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.FramePace;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds all connections of a node to the pace of {@link FramePace}. One object for the whole node,
 * because connections over their pace share what is left. Safe for all threads.
 */
public final class FramePacing {
  private static final Logger LOG = LoggerFactory.getLogger(FramePacing.class);
  private static final Duration LOG_GAP = Duration.ofMinutes(1);

  private final Counters counters;
  private final Ticker clock;
  private final AtomicInteger paused = new AtomicInteger();
  private final LogRateLimit warnings = new LogRateLimit(LOG_GAP.toNanos());

  /**
   * @param clock the clock for durations
   */
  public FramePacing(Counters counters, Ticker clock) {
    this.counters = counters;
    this.clock = clock;
  }

  /** The pace of a new connection, for its own thread. */
  Meter meter() {
    return new Meter();
  }

  /** The pace of one connection. Not safe for several threads. */
  final class Meter {
    private final FramePace pace = new FramePace(clock.nanos());
    private boolean isPaused;

    /** Takes so many frames; the connection is to be read no further while {@link #isPaused}. */
    void take(int frames) {
      if (pace.pauseAfter(frames, clock.nanos(), paused.get()) > 0 && !isPaused) {
        isPaused = true;
        paused.incrementAndGet();
        counters.count(Event.CONNECTIONS_PAUSED);
        if (warnings.admits(clock.nanos())) {
          LOG.info(
              "a connection sends more than {} frames a second and is read at that pace",
              FramePace.PER_SECOND);
        }
      }
    }

    /** Whether the connection is not to be read. */
    boolean isPaused() {
      return isPaused;
    }

    /** How long the pause still lasts. */
    Duration left() {
      return Duration.ofNanos(pace.left(clock.nanos()));
    }

    /** Ends a pause that is over; false while it lasts. */
    boolean resume() {
      if (isPaused && pace.left(clock.nanos()) > 0) {
        return false;
      }
      close();
      return true;
    }

    /** The connection is closed, or read again. */
    void close() {
      if (isPaused) {
        isPaused = false;
        paused.decrementAndGet();
      }
    }
  }
}
