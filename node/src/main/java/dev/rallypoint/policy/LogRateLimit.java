package dev.rallypoint.policy;

import java.util.concurrent.atomic.AtomicLong;

/** Lets one line through in a while, so that a flood of bad input is not a flood of log. */
public final class LogRateLimit {
  private static final long NEVER = Long.MIN_VALUE;

  private final long gap;
  private final AtomicLong last = new AtomicLong(NEVER);

  /**
   * @param gapNanos the least time between two lines
   */
  public LogRateLimit(long gapNanos) {
    this.gap = gapNanos;
  }

  /**
   * Whether a line may be written now, by a monotonic clock's nanoseconds; safe for all threads.
   */
  public boolean admits(long now) {
    long before = last.get();
    return (before == NEVER || now - before >= gap) && last.compareAndSet(before, now);
  }
}
