package dev.rallypoint.loadtest;

import java.time.Duration;

/**
 * When a target sends its next registration: at once, then an interval after each response, or a
 * retry time after a request that got none. Times are {@code System.nanoTime} values.
 */
final class RegistrationClock {
  private final long interval;
  private final long retry;
  private long due;
  private boolean outstanding;
  private int misses;

  RegistrationClock(Duration interval, Duration retry, long now) {
    this.interval = interval.toNanos();
    this.retry = retry.toNanos();
    this.due = now;
  }

  boolean isDue(long now) {
    return due - now <= 0;
  }

  /** Nanoseconds until the next registration, at least one. */
  long nanosUntilDue(long now) {
    return Math.max(1, due - now);
  }

  void onSent(long now) {
    if (outstanding) {
      misses++;
    }
    outstanding = true;
    due = now + retry;
  }

  void onResponse(long now) {
    outstanding = false;
    misses = 0;
    due = now + interval;
  }

  /** Requests in a row that got no response; the latest one is not judged yet. */
  int misses() {
    return misses;
  }
}
