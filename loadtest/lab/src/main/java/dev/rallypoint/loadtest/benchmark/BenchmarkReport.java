package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.benchmark.report.Row;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Collects the samples and prints medians, ratios and whether the goals are met. */
final class BenchmarkReport {
  private static final String LINE = "%-10s %-14s %9s %9s %8s %9s %9s%n";
  private static final String VERDICT = "%-10s %-46s %7s   goal %s %-5s %s%n";
  private static final String FIGURE = "%-10s %-46s %7s%n";
  private static final String HAPROXY = "haproxy-splice";

  private final Map<Workload, Map<String, List<Sample>>> samples = new EnumMap<>(Workload.class);
  private final List<IdleSessions.Result> idle = new ArrayList<>();

  void add(Workload workload, String way, Sample sample) {
    samples
        .computeIfAbsent(workload, any -> new LinkedHashMap<>())
        .computeIfAbsent(way, any -> new ArrayList<>())
        .add(sample);
  }

  void add(IdleSessions.Result result) {
    idle.add(result);
  }

  /** Prints the medians, then the ratios that have goals. */
  void print(PrintStream out) {
    out.println();
    out.println("medians; CPU in seconds per GB (10^9 bytes), round trips in microseconds");
    out.printf(LINE, "row", "way", "relay CPU", "load CPU", "GB/s", "p50", "p99");
    samples.forEach((workload, ways) ->
        ways.forEach((way, seen) ->
            out.printf(
                LINE,
                workload.label(),
                way,
                number(median(seen, Sample::relayCpu), 3),
                number(median(seen, Sample::loadCpu), 3),
                number(median(seen, Sample::speed), 2),
                number(median(seen, Sample::p50), 1),
                number(median(seen, Sample::p99), 1))));
    idle.forEach(result ->
        out.printf(
            Locale.ROOT,
            "%-10s %d sessions, %.0f bytes of live heap each%n",
            Workload.IDLE.label(),
            result.sessions(),
            result.bytes()));
    out.println();
    out.println("CPU of relay and load generator together, without a goal");
    for (Workload workload : List.of(Workload.BULK_1, Workload.BULK_50)) {
      for (String way : List.of("ours-splice", "ours-copy")) {
        together(out, workload, way);
      }
    }
    out.println();
    out.println("goals");
    for (Workload workload : List.of(Workload.BULK_1, Workload.BULK_50)) {
      ratio(out, workload, "ours-splice", HAPROXY, "CPU", Sample::relayCpu, 1.0);
      ratio(out, workload, "ours-copy", HAPROXY, "CPU", Sample::relayCpu, 1.3);
      atLeast(out, workload, "ours-splice", 0.40);
      atLeast(out, workload, "ours-copy", 0.40);
    }
    for (String way : List.of("ours-splice", "ours-copy")) {
      ratio(out, Workload.PACED, way, HAPROXY, "CPU", Sample::relayCpu, 1.15);
    }
    for (Workload workload : List.of(Workload.PING, Workload.PING_PACED)) {
      for (String way : List.of("ours-splice", "ours-copy")) {
        ratio(out, workload, way, HAPROXY, "p50", Sample::p50, 1.1);
        ratio(out, workload, way, HAPROXY, "p99", Sample::p99, 1.3);
      }
    }
    for (IdleSessions.Result result : idle) {
      verdict(out, Workload.IDLE, "heap KB per session", result.bytes() / 1000, "<=", 5, true);
    }
  }

  /** The medians as rows of {@code bench}: those of each way, then the ratios that have goals. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    samples.forEach((workload, ways) ->
        ways.forEach((way, seen) -> {
          String server = way.startsWith("ours") ? way.replace("ours", Row.OURS) : way;
          add(rows, workload, server, median(seen, Sample::relayCpu), "CPU", "s/GB");
          add(rows, workload, server, median(seen, Sample::p50), "p50", "us");
          add(rows, workload, server, median(seen, Sample::p99), "p99", "us");
        }));
    idle.forEach(result ->
        rows.add(Row.of(Workload.IDLE.label() + " heap", result.bytes() / 1000, "KB").atMost(5)));
    for (Workload workload : List.of(Workload.BULK_1, Workload.BULK_50)) {
      ratio(rows, workload, "CPU", Sample::relayCpu, 0.95);
    }
    ratio(rows, Workload.PACED, "CPU", Sample::relayCpu, 1.0);
    for (Workload workload : List.of(Workload.PING, Workload.PING_PACED)) {
      ratio(rows, workload, "p50", Sample::p50, 1.0);
      ratio(rows, workload, "p99", Sample::p99, 1.0);
    }
    return rows;
  }

  private static void add(
      List<Row> rows, Workload workload, String server, double value, String what, String unit) {
    if (value > 0) {
      rows.add(
          Row.of(workload.label() + " " + what, value, unit)
              .by(server)
              .inChart(unit.equals("us") ? "round trips" : "CPU for each GB"));
    }
  }

  private void ratio(
      List<Row> rows,
      Workload workload,
      String what,
      ToDoubleFunction<Sample> figure,
      double goal) {
    double ours = median(of(workload, "ours-splice"), figure);
    double theirs = median(of(workload, HAPROXY), figure);
    if (ours > 0 && theirs > 0) {
      rows.add(
          Row.of("%s %s to HAProxy's".formatted(workload.label(), what), ours / theirs, "times")
              .atMost(goal));
    }
  }

  private void ratio(
      PrintStream out,
      Workload workload,
      String way,
      String other,
      String what,
      ToDoubleFunction<Sample> figure,
      double goal) {
    double ours = median(of(workload, way), figure);
    double theirs = median(of(workload, other), figure);
    if (ours > 0 && theirs > 0) {
      verdict(out, workload, what + " " + way + " / " + other, ours / theirs, "<=", goal, true);
    }
  }

  /** On loopback the sender pays for work of the receiver in the kernel: only the sum is fair. */
  private void together(PrintStream out, Workload workload, String way) {
    ToDoubleFunction<Sample> sum = sample -> sample.relayCpu() + sample.loadCpu();
    double ours = median(of(workload, way), sum);
    double theirs = median(of(workload, HAPROXY), sum);
    if (ours > 0 && theirs > 0) {
      out.printf(
          FIGURE, workload.label(), "CPU " + way + " / " + HAPROXY, number(ours / theirs, 2));
    }
  }

  private void atLeast(PrintStream out, Workload workload, String way, double goal) {
    double ours = median(of(workload, way), Sample::speed);
    double direct = median(of(workload, "direct"), Sample::speed);
    if (ours > 0 && direct > 0) {
      verdict(out, workload, "GB/s " + way + " / direct", ours / direct, ">=", goal, false);
    }
  }

  private static void verdict(
      PrintStream out,
      Workload workload,
      String what,
      double value,
      String sign,
      double goal,
      boolean isMost) {
    boolean isMet = isMost ? value <= goal : value >= goal;
    out.printf(
        VERDICT,
        workload.label(),
        what,
        number(value, 2),
        sign,
        number(goal, 2),
        isMet ? "met" : "MISSED");
  }

  private List<Sample> of(Workload workload, String way) {
    return samples.getOrDefault(workload, Map.of()).getOrDefault(way, List.of());
  }

  private static double median(List<Sample> seen, ToDoubleFunction<Sample> figure) {
    double[] sorted = seen.stream().mapToDouble(figure).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length == 0
        ? 0
        : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static String number(double value, int decimals) {
    return value == 0 ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
