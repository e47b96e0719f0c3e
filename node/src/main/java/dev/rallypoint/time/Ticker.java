package dev.rallypoint.time;

import java.util.concurrent.TimeUnit;

/**
 * A monotonic clock for durations and deadlines. Its origin is arbitrary, so only differences of
 * two readings mean anything; it does not jump when the system's time is set.
 */
@FunctionalInterface
public interface Ticker {
  /** The clock of the Java virtual machine. */
  Ticker SYSTEM = System::nanoTime;

  /** The reading in nanoseconds. */
  long nanos();

  /** The same reading in milliseconds. */
  default long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos());
  }
}
