package dev.rallypoint.loadtest.gatling.capacity;

import java.time.Duration;

/**
 * What a rate must keep.
 *
 * @param p99 99 % of the requests end within this time, counted from when they were due
 * @param lossPercent at most this share fails
 */
record RateLimits(Duration p99, double lossPercent) {
  private static final int NANOS_A_MICRO = 1000;
  private static final double PERCENT = 100;

  /** How a rate has done. */
  enum Verdict {
    /** Within the limits. */
    HELD("held"),
    /** Answers were too late. */
    LATE("p99"),
    /** Too many requests failed. */
    LOST("loss"),
    /**
     * A limit is broken, and requests were sent too late already: the generator, or the processors
     * that it shares with the server, are at their end. The server alone may hold more.
     */
    GENERATOR("generator late");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** Judges a run. */
  Verdict judge(Measured run) {
    long most = p99.toNanos() / NANOS_A_MICRO;
    boolean isLossy = run.requests().loss() * PERCENT > lossPercent;
    boolean isLate = run.requests().percentile(99) > most;
    if (!isLossy && !isLate) {
      return Verdict.HELD;
    }
    if (run.lateSends().getValueAtPercentile(99) > most / 2) {
      return Verdict.GENERATOR;
    }
    return isLossy ? Verdict.LOST : Verdict.LATE;
  }
}
