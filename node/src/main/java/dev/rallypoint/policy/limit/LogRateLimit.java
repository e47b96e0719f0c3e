package dev.rallypoint.policy.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the rate of a log line, so that a flood of bad input does not flood the log. Safe for all
 * threads.
 */
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
   * Whether the line may be written now.
   *
   * @param now nanoseconds of a monotonic clock
   */
  public boolean admits(long now) {
    long before = last.get();
    return (before == NEVER || now - before >= gap) && last.compareAndSet(before, now);
  }
}
