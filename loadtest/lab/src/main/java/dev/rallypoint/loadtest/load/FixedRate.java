package dev.rallypoint.loadtest.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Runs an action at a fixed rate on the thread of the caller. */
public final class FixedRate {
  private FixedRate() {}

  /** The period of a rate per second. */
  public static Duration period(double perSecond) {
    return Duration.ofNanos((long) (Duration.ofSeconds(1).toNanos() / perSecond));
  }

  /** Runs the action once in each period until the condition holds or the thread is interrupted. */
  public static void run(Duration period, BooleanSupplier isClosed, Runnable action) {
    long next = System.nanoTime();
    // Parking returns at once on an interrupted thread, so the loop must test for it.
    while (!isClosed.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(next - System.nanoTime());
      if (next - System.nanoTime() <= 0) {
        next += period.toNanos();
        action.run();
      }
    }
  }
}
