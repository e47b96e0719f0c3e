package dev.rallypoint.loadtest.gatling.merge;

import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import dev.rallypoint.loadtest.gatling.figures.Measure;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import dev.rallypoint.loadtest.gatling.figures.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Adds the figures of several runs. Histograms are added exactly: a percentile of the sum is that
 * of all requests, which percentiles of the parts could not tell.
 */
public final class FiguresMerge {
  private FiguresMerge() {}

  /**
   * One result of several, with exit code 0.
   *
   * @param runs one at least
   */
  public static RunResult merge(List<RunResult> runs) {
    Map<String, RequestSummary> requests = new TreeMap<>();
    Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    Instant started = Instant.MAX;
    Instant ended = Instant.MIN;
    Duration cpu = Duration.ZERO;
    for (RunResult run : runs) {
      run.requests().forEach((name, more) -> requests.merge(name, more, RequestSummary::plus));
      run.counters().forEach((counter, more) -> counters.merge(counter, more, Long::sum));
      started = run.started().isBefore(started) ? run.started() : started;
      Instant end = run.started().plus(run.took());
      ended = end.isAfter(ended) ? end : ended;
      cpu = cpu.plus(run.cpu());
    }
    List<Verdict> verdicts = new ArrayList<>();
    for (Limit limit : limits(runs)) {
      verdicts.add(limit.judge(requests));
    }
    String simulations =
        runs.stream()
            .map(RunResult::simulation)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining(" + "));
    return new RunResult(
        simulations,
        started,
        Duration.between(started, ended),
        cpu,
        0,
        requests,
        counters,
        verdicts);
  }

  private record Place(String request, Measure measure) {}

  /**
   * The limits on the sum: of several limits on the same times or the same share the strictest, of
   * counts the sum, since each generator had its own.
   */
  static List<Limit> limits(List<RunResult> runs) {
    Map<Place, Limit> limits = new LinkedHashMap<>();
    for (RunResult run : runs) {
      for (Verdict verdict : run.verdicts()) {
        Limit limit = verdict.limit();
        limits.merge(
            new Place(limit.request(), limit.measure()), limit, FiguresMerge::onBothTogether);
      }
    }
    return List.copyOf(limits.values());
  }

  private static Limit onBothTogether(Limit one, Limit other) {
    double bound =
        switch (one.measure()) {
          case P50, P95, P99, P999, MAX, LOSS -> Math.min(one.bound(), other.bound());
          case FAILED, SUCCEEDED -> one.bound() + other.bound();
        };
    return new Limit(one.request(), one.measure(), bound);
  }
}
