package dev.rallypoint.metrics.access;

/**
 * Bounds the lines of one event: a burst, and then so many a second. Counts the lines over it. Safe
 * for all threads.
 */
final class LineBudget {
  private static final double NANOS = 1e9;

  private final int burst;
  private final double perSecond;
  private double left;
  private long last;
  private long over;
  private boolean isUsed;

  /** So many lines at once after a quiet time, and so many a second. */
  LineBudget(int burst, int perSecond) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.left = burst;
  }

  /**
   * Whether a line may be written; one that may not is counted.
   *
   * @param now nanoseconds of a monotonic clock
   */
  synchronized boolean take(long now) {
    if (isUsed) {
      left = Math.min(burst, left + Math.max(0, now - last) / NANOS * perSecond);
    }
    isUsed = true;
    last = now;
    if (left < 1) {
      over++;
      return false;
    }
    left--;
    return true;
  }

  /** How many lines were over the budget since the last call. */
  synchronized long takeOver() {
    long count = over;
    over = 0;
    return count;
  }
}
