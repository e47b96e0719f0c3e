package dev.rallypoint.policy.limit;

import dev.rallypoint.protocol.identity.PeerId;

/**
 * When leases are renewed. Peers that registered together are not renewed together: each has a time
 * of its own between {@code from} and {@code after}, by its id. And of all leases that are due no
 * more are renewed in a tenth of a second than three times their average; the others are renewed at
 * their next heartbeats. Times are milliseconds. Safe for all threads.
 */
public final class RenewalPace {
  private static final long WINDOW = 100;
  private static final long LEAST = 100;
  private static final long TIMES = 3;

  private final long from;
  private final long after;
  private long window = Long.MIN_VALUE;
  private long inWindow;

  /** Leases are renewed when they are between so many milliseconds old. */
  public RenewalPace(long from, long after) {
    this.from = from;
    this.after = after;
  }

  /** Leases that are all renewed so many milliseconds after they were granted. */
  public static RenewalPace after(long millis) {
    return new RenewalPace(millis, millis);
  }

  /** The least age in milliseconds. */
  public long from() {
    return from;
  }

  /** When a lease is to be renewed that the entity has granted or renewed now. */
  public long next(PeerId id, long now) {
    int spread = id.hashCode() * 0x9E37_79B9 >>> 1;
    return now + from + (after - from) * spread / Integer.MAX_VALUE;
  }

  /** Whether one lease of so many may be renewed now. */
  public synchronized boolean admits(int leases, long now) {
    long current = Math.floorDiv(now, WINDOW);
    if (current != window) {
      window = current;
      inWindow = 0;
    }
    if (inWindow >= Math.max(LEAST, TIMES * leases * WINDOW / after)) {
      return false;
    }
    inWindow++;
    return true;
  }
}
