package dev.rallypoint.policy;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How a registration connection is kept alive: the server sends an empty frame regularly, and the
 * client sends one back. The client closes a connection on which it gets no frame for 1.5 times the
 * interval that it was told, and proxies close one after 60 s without a byte, so the server sends
 * well before either.
 *
 * @param promised the interval that clients are told, in whole seconds
 */
public record KeepAlive(Duration promised) {
  /** Keep-alive frames in a row that may stay without an answer. */
  public static final int MOST_UNANSWERED = 2;

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final double JITTER = 0.1;

  /**
   * The time until the next frame, up to a tenth more or less, so that connections do not all send
   * at once.
   */
  public Duration nextInterval(RandomGenerator random) {
    Duration third = promised.dividedBy(3);
    long nanos = (third.compareTo(LONGEST) < 0 ? third : LONGEST).toNanos();
    return Duration.ofNanos((long) (nanos * random.nextDouble(1 - JITTER, 1 + JITTER)));
  }

  /** The interval in seconds, as RegisterPkResponse tells it to the client. */
  public int seconds() {
    return Math.toIntExact(promised.toSeconds());
  }
}
