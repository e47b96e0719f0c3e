package dev.rallypoint.policy.account;

import java.time.Duration;

/**
 * How often a log-in may be tried. Attempts are counted for a user and a network together, for a
 * network, and for a user; each has its own limit. From the limit on a count is locked, first for a
 * minute, then twice as long with each further attempt, for half an hour at most. A count is
 * forgotten after an hour without an attempt. Who is right takes his attempt back.
 */
public final class LoginThrottle {
  /** A count that was not touched for so long begins anew. */
  public static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  private static final Duration FIRST_LOCK = Duration.ofMinutes(1);
  private static final Duration LONGEST_LOCK = Duration.ofMinutes(30);
  private static final int DOUBLINGS = 5;

  private LoginThrottle() {}

  /** What attempts are counted for. */
  public enum Scope {
    /** One user from one network. */
    USER_AND_NETWORK(5),
    /** One network, whatever the user. */
    NETWORK(30),
    /** One user from wherever; wide, so that strangers do not lock a user out. */
    USER(100);

    private final int limit;

    Scope(int limit) {
      this.limit = limit;
    }

    /**
     * How long the next attempts are refused.
     *
     * @param attempts how many there were in a row, this one among them
     * @return zero below the limit
     */
    public Duration lock(int attempts) {
      if (attempts < limit) {
        return Duration.ZERO;
      }
      Duration lock = FIRST_LOCK.multipliedBy(1L << Math.min(attempts - limit, DOUBLINGS));
      return lock.compareTo(LONGEST_LOCK) > 0 ? LONGEST_LOCK : lock;
    }
  }
}
