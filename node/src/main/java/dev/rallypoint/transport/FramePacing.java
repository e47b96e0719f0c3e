package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.FramePace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds all connections of a node to the pace of {@link FramePace}. One object for the whole node,
 * because connections over their pace share what is left. Safe for all threads.
 */
public final class FramePacing {
  private final Counters counters;
  private final Ticker clock;
  private final AtomicInteger paused = new AtomicInteger();

  /**
   * @param clock the clock for durations
   */
  public FramePacing(Counters counters, Ticker clock) {
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * The pace of a new connection, for its own thread.
   *
   * @param client its client, as far as is known; null where it is not
   */
  Meter meter(Supplier<@Nullable PeerAddress> client) {
    return new Meter(client);
  }

  /** The pace of one connection. Not safe for several threads. */
  final class Meter {
    private final FramePace pace = new FramePace(clock.nanos());
    private final Supplier<@Nullable PeerAddress> client;
    private boolean isPaused;

    private Meter(Supplier<@Nullable PeerAddress> client) {
      this.client = client;
    }

    /** Takes so many frames; the connection is to be read no further while {@link #isPaused}. */
    void take(int frames) {
      if (pace.pauseAfter(frames, clock.nanos(), paused.get()) > 0 && !isPaused) {
        isPaused = true;
        paused.incrementAndGet();
        counters.count(Event.CONNECTIONS_PAUSED, client.get());
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
