package dev.rallypoint.loadtest;

import java.time.Duration;

/**
 * When a target sends its next registration: at once, then an interval after each response, or a
 * retry time after a request that got none. Times are {@code System.nanoTime} values.
 */
public final class RegistrationClock {
  private final long interval;
  private final long retry;
  private long due;
  private boolean outstanding;
  private int misses;

  /** A clock whose first registration is due now. */
  public RegistrationClock(Duration interval, Duration retry, long now) {
    this.interval = interval.toNanos();
    this.retry = retry.toNanos();
    this.due = now;
  }

  /** Whether it is time to send. */
  public boolean isDue(long now) {
    return due - now <= 0;
  }

  /** Nanoseconds until the next registration, at least one. */
  public long nanosUntilDue(long now) {
    return Math.max(1, due - now);
  }

  /** A registration was sent. */
  public void onSent(long now) {
    if (outstanding) {
      misses++;
    }
    outstanding = true;
    due = now + retry;
  }

  /** Any response came. */
  public void onResponse(long now) {
    outstanding = false;
    misses = 0;
    due = now + interval;
  }

  /** Requests in a row that got no response; the latest one is not judged yet. */
  public int misses() {
    return misses;
  }
}
