package dev.rallypoint.policy.limit;

import java.time.Duration;

/**
 * New ids that may be stored, of all addresses together: a token bucket, and a count for the day,
 * which begins with its first id. Times are milliseconds of a monotonic clock. Safe for all
 * threads.
 */
public final class NewIdBudget {
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final int perSecond;
  private final long burstMillis;
  private final int perDay;

  /** Thousandths of an id. */
  private long tokens;

  private long lastMillis;
  private long dayFrom;
  private int today;
  private boolean isUsed;

  /**
   * A full bucket.
   *
   * @param perSecond ids that are added in a second
   * @param burst ids that it holds
   * @param perDay the most ids of a day
   */
  public NewIdBudget(int perSecond, int burst, int perDay) {
    this.perSecond = perSecond;
    this.burstMillis = burst * 1_000L;
    this.perDay = perDay;
    this.tokens = burstMillis;
  }

  /** Takes one id; false when there is none left now. */
  public synchronized boolean take(long nowMillis) {
    if (!isUsed) {
      isUsed = true;
      lastMillis = nowMillis;
      dayFrom = nowMillis;
    }
    tokens = Math.min(burstMillis, tokens + (nowMillis - lastMillis) * perSecond);
    lastMillis = nowMillis;
    if (nowMillis - dayFrom >= DAY) {
      dayFrom = nowMillis;
      today = 0;
    }
    if (tokens < 1_000 || today >= perDay) {
      return false;
    }
    tokens -= 1_000;
    today++;
    return true;
  }
}
