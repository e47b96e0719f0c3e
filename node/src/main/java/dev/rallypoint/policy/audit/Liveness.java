package dev.rallypoint.policy.audit;

import java.time.Duration;

/**
 * When connections are over whose devices did not say so. A device tells the numbers of its live
 * connections with each heartbeat, which comes every 3 s while there are any.
 */
public final class Liveness {
  /** A heartbeat may have been under way when a connection was opened. */
  public static final Duration GRACE = Duration.ofSeconds(30);

  /** A connection of which nothing was heard for so long is over. */
  public static final Duration UNHEARD = Duration.ofMinutes(10);

  /** How long an order to end a connection waits for the device's heartbeat. */
  public static final Duration ORDERED = Duration.ofMinutes(1);

  private Liveness() {}

  /**
   * Whether a heartbeat tells that a connection is over.
   *
   * @param isNamed whether the heartbeat names it
   */
  public static boolean isOver(long openedAt, boolean isNamed, long now) {
    return !isNamed && now - openedAt > GRACE.toMillis();
  }

  /** Whether an order is still told to the device. */
  public static boolean isOrdered(long orderedAt, long now) {
    return now - orderedAt <= ORDERED.toMillis();
  }
}
