package dev.rallypoint.loadtest.gatling.figures;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What became of the requests of one name.
 *
 * @param micros the times of the successful ones in microseconds
 * @param reasons how many failed, by reason
 */
public record RequestSummary(Histogram micros, Map<String, Long> reasons) {

  /** How many succeeded. */
  public long ok() {
    return micros.getTotalCount();
  }

  /** How many failed. */
  public long ko() {
    return reasons.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The share of failed requests, 0 to 1; 1 when there was none at all. */
  public double loss() {
    long all = ok() + ko();
    return all == 0 ? 1 : (double) ko() / all;
  }

  /** The time in microseconds within which this share of the successful requests ended. */
  public long percentile(double percent) {
    return micros.getValueAtPercentile(percent);
  }

  /** The requests of two generators together, exactly. */
  public RequestSummary plus(RequestSummary other) {
    Histogram sum = micros.copy();
    sum.add(other.micros);
    Map<String, Long> both = new TreeMap<>(reasons);
    other.reasons.forEach((reason, count) -> both.merge(reason, count, Long::sum));
    return new RequestSummary(sum, both);
  }
}
