package dev.rallypoint.loadtest.environment;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition by testing it every 50 ms. */
public final class Polling {
  private static final Duration PERIOD = Duration.ofMillis(50);

  private Polling() {}

  /**
   * Waits until the condition holds.
   *
   * @return false when the condition did not hold within the time, or the thread was interrupted
   */
  public static boolean await(Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PERIOD.toNanos());
    }
    return true;
  }
}
