package dev.rallypoint.policy;

import java.time.Duration;

/**
 * How long the peer of a provisional id has kept beating. A forged datagram cannot, without a flood
 * that goes on. Immutable; times are milliseconds of a monotonic clock.
 *
 * @param sinceMillis when the peer was heard first, without a gap since
 * @param lastMillis when it was heard last
 */
public record ProvisionalPeriod(long sinceMillis, long lastMillis) {
  /** After so long the id is stored: a little less than the first renewal of a lease takes. */
  public static final Duration LENGTH = Duration.ofMinutes(5).minusSeconds(10);

  /** A longer silence begins the time anew, unless a lease has covered the heartbeats meanwhile. */
  private static final long MAX_GAP = Duration.ofMinutes(1).toMillis();

  /** Begins now. */
  public static ProvisionalPeriod from(long nowMillis) {
    return new ProvisionalPeriod(nowMillis, nowMillis);
  }

  /**
   * The peer is heard.
   *
   * @param isCovered whether it has had a lease all the time since it was heard last
   */
  public ProvisionalPeriod heard(boolean isCovered, long nowMillis) {
    boolean goesOn = isCovered || nowMillis - lastMillis <= MAX_GAP;
    return new ProvisionalPeriod(goesOn ? sinceMillis : nowMillis, nowMillis);
  }

  /** Whether it has been heard for long enough to be stored. */
  public boolean isOver() {
    return lastMillis - sinceMillis >= LENGTH.toMillis();
  }
}
