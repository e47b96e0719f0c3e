package dev.rallypoint.loadtest.gatling.figures;

import java.util.Map;

/**
 * A limit on the requests of one name, judged after the run. A name that never occurred breaks each
 * limit on it: what was not measured has not held.
 *
 * @param request the request name
 * @param measure what is limited
 * @param bound microseconds, a count, or percent
 */
public record Limit(String request, Measure measure, double bound) {

  /** Judges the limit by the figures of a run. */
  public Verdict judge(Map<String, RequestSummary> requests) {
    RequestSummary found = requests.get(request);
    if (found == null || measure.needsSuccess() && found.ok() == 0) {
      return new Verdict(this, Double.NaN, false);
    }
    double value = measure.of(found);
    return new Verdict(this, value, measure.holds(value, bound));
  }

  /** The limit in words, such as {@code p99 of heartbeat: 1000 us}. */
  @Override
  public String toString() {
    String number =
        bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    return "%s of %s: %s %s".formatted(measure.text(), request, number, measure.unit()).strip();
  }

  /**
   * How a limit was kept.
   *
   * @param limit the limit
   * @param value what was measured; NaN for nothing
   * @param held whether it was kept
   */
  public record Verdict(Limit limit, double value, boolean held) {}
}
