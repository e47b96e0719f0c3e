package dev.rallypoint.policy;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How a link is kept alive: the server sends an empty frame regularly, the client sends one back.
 * The client gives a link up after 1.5 times what it was promised without any frame, and proxies
 * cut a connection after 60 s without a byte, so beats come well before either.
 *
 * @param promised what clients are told, in whole seconds
 */
public record KeepAlive(Duration promised) {
  /** Beats in a row that may stay without an answer. */
  public static final int MOST_UNANSWERED = 2;

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final double JITTER = 0.1;

  /** The time to the next beat, up to a tenth more or less so that links do not beat in step. */
  public Duration nextBeat(RandomGenerator random) {
    Duration third = promised.dividedBy(3);
    long nanos = (third.compareTo(LONGEST) < 0 ? third : LONGEST).toNanos();
    return Duration.ofNanos((long) (nanos * random.nextDouble(1 - JITTER, 1 + JITTER)));
  }

  /** What RegisterPkResponse tells the client. */
  public int seconds() {
    return Math.toIntExact(promised.toSeconds());
  }
}
