package dev.rallypoint.policy.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate limit in bytes a second, with a burst of a tenth of a second: within ten seconds at most
 * one percent more than the limit passes. Its state is one number, the moment at which all bytes
 * taken so far are paid for, so it is safe for several threads without a lock, and the limit is an
 * argument that may change between two calls.
 *
 * <p>Times are nanoseconds of one monotonic clock.
 */
public final class BandwidthBudget {
  private static final long BURST = 100_000_000L;
  private static final double SECOND = 1e9;

  private final AtomicLong paidOff;

  /** A full budget. */
  public BandwidthBudget(long now) {
    paidOff = new AtomicLong(now);
  }

  /**
   * Takes what is available, up to {@code most} bytes, or nothing when that is less than {@code
   * least}. Unused bytes are returned by {@link #refund}.
   */
  public int take(long now, long bytesPerSecond, int least, int most) {
    while (true) {
      long before = paidOff.get();
      long from = Math.max(before - now, 0);
      double free = (burst(bytesPerSecond) - from) / SECOND * bytesPerSecond;
      int taken = (int) Math.min(free, most);
      if (taken < least || taken <= 0) {
        return 0;
      }
      if (paidOff.compareAndSet(before, now + from + cost(taken, bytesPerSecond))) {
        return taken;
      }
    }
  }

  /** Takes bytes whatever is available; later calls wait for what is overdrawn. */
  public void charge(long now, long bytesPerSecond, int bytes) {
    paidOff.updateAndGet(before -> Math.max(before, now) + cost(bytes, bytesPerSecond));
  }

  /** Returns bytes that were taken and not used. */
  public void refund(long bytesPerSecond, int bytes) {
    if (bytes > 0) {
      paidOff.addAndGet(-cost(bytes, bytesPerSecond));
    }
  }

  /** Nanoseconds until this many bytes are available; 0 when they are. */
  public long nanosUntil(long now, long bytesPerSecond, int bytes) {
    return Math.max(
        0, Math.max(paidOff.get() - now, 0) + cost(bytes, bytesPerSecond) - burst(bytesPerSecond));
  }

  /**
   * The smallest read that is worthwhile under this limit: half a burst, at most 32 KiB. So a
   * throttled session neither makes many tiny reads nor waits long.
   */
  public static int quantum(long bytesPerSecond) {
    return Math.clamp((long) (bytesPerSecond * (BURST / SECOND) / 2), 1, 32 * 1024);
  }

  /** In nanoseconds; under a very small cap as long as one byte takes. */
  private static long burst(long bytesPerSecond) {
    return Math.max(BURST, cost(1, bytesPerSecond));
  }

  private static long cost(int bytes, long bytesPerSecond) {
    return (long) Math.ceil(bytes * SECOND / bytesPerSecond);
  }
}
