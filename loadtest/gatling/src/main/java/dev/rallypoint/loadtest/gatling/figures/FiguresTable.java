package dev.rallypoint.loadtest.gatling.figures;

import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The figures of a run as lines for the console. */
public final class FiguresTable {
  private static final String ROW = "%-28s %10s %8s %9s %9s %9s %9s %9s";

  private FiguresTable() {}

  /** A line for each request name, each reason, each event that happened and each limit. */
  public static List<String> lines(RunResult run) {
    List<String> lines = new ArrayList<>();
    lines.add(ROW.formatted("microseconds", "OK", "KO", "p50", "p95", "p99", "p99.9", "max"));
    run.requests().forEach((name, requests) -> lines.addAll(request(name, requests)));
    for (Map.Entry<Counter, Long> counter : run.counters().entrySet()) {
      if (counter.getValue() > 0) {
        lines.add("%s: %d".formatted(counter.getKey().text(), counter.getValue()));
      }
    }
    for (Verdict verdict : run.verdicts()) {
      String measured =
          Double.isNaN(verdict.value()) ? "nothing" : "%.2f".formatted(verdict.value());
      lines.add(
          "%s, measured %s: %s"
              .formatted(verdict.limit(), measured, verdict.held() ? "held" : "BROKEN"));
    }
    lines.add(
        "%.1f s, generator CPU %.1f s"
            .formatted(run.took().toMillis() / 1000.0, run.cpu().toMillis() / 1000.0));
    return lines;
  }

  private static List<String> request(String name, RequestSummary requests) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            name,
            requests.ok(),
            requests.ko(),
            requests.percentile(50),
            requests.percentile(95),
            requests.percentile(99),
            requests.percentile(99.9),
            requests.micros().getMaxValue()));
    requests
        .reasons()
        .forEach((reason, count) -> lines.add("  KO %d: %s".formatted(count, reason)));
    return lines;
  }
}
