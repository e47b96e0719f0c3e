package dev.rallypoint.relay.loop;

/**
 * When a loop lets events gather before it looks for them again, as network cards do by interrupt
 * moderation. Waking a thread costs more than moving 16 KiB, so a loop that is woken very often,
 * each time for a few KiB, pauses for a moment and then serves several connections at one waking.
 * Short messages alone, such as those of keyboard and mouse, are never delayed, and neither are
 * transfers that fill the loop's time by themselves. Not safe for several threads.
 */
final class WakeupModeration {
  /** How long events gather, in nanoseconds; the system adds about 50 us. */
  static final long PAUSE = Long.getLong("rallypoint.pause", 100_000L);

  /** The average time from one round to the next below which a loop is woken very often. */
  static final long OFTEN = 400_000L;

  /** The average bytes of a round from which it is no exchange of short messages. */
  static final long LEAST_BYTES = 2 * 1024;

  /** The average bytes of a round up to which waking costs more than moving them. */
  static final long MOST_BYTES = 128 * 1024;

  /** A round weighs one part of so many in the averages. */
  private static final int WEIGHT = 16;

  private static final long LONGEST = 10 * OFTEN;

  private long last;
  private long interval = LONGEST;
  private long bytes;

  /** Before the first round. */
  WakeupModeration(long now) {
    last = now;
  }

  /**
   * A round is over.
   *
   * @param now its beginning
   * @param moved the bytes that it relayed
   * @return how long to pause before the next, in nanoseconds; mostly 0
   */
  long pauseAfter(long now, long moved) {
    interval += (Math.min(now - last, LONGEST) - interval) / WEIGHT;
    bytes += (moved - bytes) / WEIGHT;
    last = now;
    return interval < OFTEN && bytes >= LEAST_BYTES && bytes <= MOST_BYTES ? PAUSE : 0;
  }
}
