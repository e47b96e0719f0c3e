package dev.rallypoint.loadtest.peer.registration;

import java.time.Duration;

/**
 * Tells when a target sends its next registration: at once, then an interval after each response,
 * or a retry time after a request without a response. Times are {@code System.nanoTime} values.
 */
public final class RegistrationSchedule {
  private final long interval;
  private final long retry;
  private long due;
  private boolean outstanding;
  private int misses;

  /** A schedule whose first registration is due now. */
  public RegistrationSchedule(Duration interval, Duration retry, long now) {
    this.interval = interval.toNanos();
    this.retry = retry.toNanos();
    this.due = now;
  }

  /** Whether the next registration is due. */
  public boolean isDue(long now) {
    return due - now <= 0;
  }

  /** Nanoseconds until the next registration, at least one. */
  public long nanosUntilDue(long now) {
    return Math.max(1, due - now);
  }

  /** Records that a registration was sent. */
  public void onSent(long now) {
    if (outstanding) {
      misses++;
    }
    outstanding = true;
    due = now + retry;
  }

  /** Records that a response came. */
  public void onResponse(long now) {
    outstanding = false;
    misses = 0;
    due = now + interval;
  }

  /** How many requests in a row got no response; the latest one does not count yet. */
  public int misses() {
    return misses;
  }
}
