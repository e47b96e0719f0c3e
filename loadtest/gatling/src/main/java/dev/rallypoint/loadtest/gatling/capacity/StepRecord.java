package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.figures.Figures;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Counts the requests of one run; those that are due in the warm-up are not counted. */
final class StepRecord {
  private static final String REQUESTS = "requests";
  private static final int NANOS_A_MICRO = 1000;
  private static final int SIGNIFICANT_DIGITS = 3;

  private final long measuredFrom;
  private final Figures figures = new Figures();
  private final Histogram lateSends = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
  private final LongAdder sent = new LongAdder();
  private final LongAdder ended = new LongAdder();

  /**
   * Empty counts.
   *
   * @param measuredFrom requests that are due earlier are the warm-up
   */
  StepRecord(long measuredFrom) {
    this.measuredFrom = measuredFrom;
  }

  /** A request is sent now that was due then. */
  void sent(long due) {
    sent.increment();
    if (due - measuredFrom >= 0) {
      lateSends.recordValue(Math.max(0, System.nanoTime() - due) / NANOS_A_MICRO);
    }
  }

  /** It has been answered. */
  void ok(long due) {
    ended.increment();
    if (due - measuredFrom >= 0) {
      figures.ok(REQUESTS, System.nanoTime() - due);
    }
  }

  /** It has failed. */
  void ko(long due, String reason) {
    ended.increment();
    if (due - measuredFrom >= 0) {
      figures.ko(REQUESTS, reason);
    }
  }

  /** How many have neither been answered nor failed. */
  long open() {
    return Math.max(0, sent.sum() - ended.sum());
  }

  /** Nothing is counted any more; what is open has failed. */
  RequestSummary end() {
    for (long left = open(); left > 0; left--) {
      figures.ko(REQUESTS, "no answer in time");
    }
    figures.end();
    return figures
        .requests()
        .getOrDefault(REQUESTS, new RequestSummary(new Histogram(SIGNIFICANT_DIGITS), Map.of()));
  }

  Histogram lateSends() {
    return lateSends;
  }
}
