package dev.rallypoint.loadtest.gatling.figures;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * The figures of one request name. Times are of successful requests only, in microseconds with
 * three significant digits. Safe for several threads.
 */
final class RequestFigures {
  /** Ten minutes; longer times count as this. */
  static final long LONGEST_MICROS = 600_000_000L;

  private static final int SIGNIFICANT_DIGITS = 3;

  private final ConcurrentHistogram micros = newHistogram();
  private final ConcurrentHashMap<String, LongAdder> reasons = new ConcurrentHashMap<>();

  private static ConcurrentHistogram newHistogram() {
    return new ConcurrentHistogram(1, LONGEST_MICROS, SIGNIFICANT_DIGITS);
  }

  void ok(long took) {
    micros.recordValue(Math.clamp(took, 1, LONGEST_MICROS));
  }

  void ko(String reason) {
    reasons.computeIfAbsent(reason, unused -> new LongAdder()).increment();
  }

  RequestSummary summary() {
    Histogram copy = micros.copy();
    Map<String, Long> failures = new TreeMap<>();
    reasons.forEach((reason, count) -> failures.put(reason, count.sum()));
    return new RequestSummary(copy, failures);
  }
}
