package dev.rallypoint.policy.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * A rate limit with a burst for each key (GCRA). The state of a key is one number, the moment at
 * which all that it used is paid for; a key that is not kept has its full burst. Keys over the
 * maximum are dropped, those used least first. Not safe for several threads. Times are milliseconds
 * of a monotonic clock.
 */
final class RatePerKey<K> {
  private final long gap;
  private final long tolerance;
  private final Cache<K, Long> paidOff;

  /**
   * @param gapMillis the time between two uses at the full rate
   * @param burst how many uses may come at once after a pause
   */
  RatePerKey(long gapMillis, int burst, int maxKeys) {
    this.gap = gapMillis;
    this.tolerance = gapMillis * (burst - 1L);
    this.paidOff = Caffeine.newBuilder().maximumSize(maxKeys).executor(Runnable::run).build();
  }

  /** Whether the key may be used now; nothing is taken. */
  boolean admits(K key, long nowMillis) {
    Long until = paidOff.getIfPresent(key);
    return until == null || until - nowMillis <= tolerance;
  }

  /** Uses the key once. */
  void take(K key, long nowMillis) {
    Long until = paidOff.getIfPresent(key);
    paidOff.put(key, (until == null ? nowMillis : Math.max(until, nowMillis)) + gap);
  }
}
