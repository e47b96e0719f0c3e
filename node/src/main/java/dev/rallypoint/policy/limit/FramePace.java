package dev.rallypoint.policy.limit;

import java.time.Duration;

/**
 * The pace of one connection's frames: a token bucket, kept as the time by which all frames taken
 * so far are earned (the generic cell rate algorithm), so that a connection costs one {@code long}.
 * A connection earns {@value #PER_SECOND} frames a second and may send {@value #BURST} at once.
 * Over that it is not read for a pause, which earns it the {@value #PER_PAUSE} frames that it may
 * send behind the pause.
 *
 * <p>Connections that are paused at the same time share {@value #PAUSED_PER_SECOND} frames a
 * second: the more there are, the longer a pause is. Not safe for several threads. Times are
 * nanoseconds of a monotonic clock.
 */
public final class FramePace {
  /** Frames that a connection earns in a second. No client sends more than a few. */
  public static final int PER_SECOND = 200;

  /** Frames that a connection may send at once. */
  public static final int BURST = 1_000;

  /** Frames that a connection may send between two pauses. */
  public static final int PER_PAUSE = 50;

  /** Frames a second of all connections together that are over their pace. */
  public static final int PAUSED_PER_SECOND = 5_000;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long FRAME = SECOND / PER_SECOND;
  private static final long SHORTEST = PER_PAUSE * FRAME;
  private static final long LONGEST = Duration.ofSeconds(10).toNanos();
  private static final long OF_EACH_PAUSED = PER_PAUSE * SECOND / PAUSED_PER_SECOND;

  private long earned;

  /** Begins with the whole burst. */
  public FramePace(long now) {
    earned = now;
  }

  /**
   * Takes frames that have come, maybe none.
   *
   * @param paused how many connections are paused now
   * @return for how many nanoseconds the connection is not to be read; 0 within its pace
   */
  public long pauseAfter(int frames, long now, int paused) {
    earned += Math.max(0, now - earned) + frames * FRAME; // the clock may wrap: only differences
    long owed = owed(now);
    if (owed <= 0) {
      return 0;
    }
    long pause = Math.clamp(paused * OF_EACH_PAUSED, SHORTEST, LONGEST);
    earned += pause - SHORTEST; // a longer pause earns no more frames than a short one
    return owed + pause;
  }

  /** For how many nanoseconds a pause that has begun is still to last. */
  public long left(long now) {
    return Math.max(0, owed(now) + SHORTEST);
  }

  private long owed(long now) {
    return earned - now - BURST * FRAME;
  }
}
