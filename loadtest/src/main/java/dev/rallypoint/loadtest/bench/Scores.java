package dev.rallypoint.loadtest.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All samples, and what they say about the goals. */
final class Scores {
  private static final String LINE = "%-10s %-14s %9s %9s %8s %9s %9s%n";
  private static final String VERDICT = "%-10s %-46s %7s   goal %s %-5s %s%n";
  private static final String FIGURE = "%-10s %-46s %7s%n";
  private static final String RIVAL = "haproxy-splice";

  private final Map<Row, Map<String, List<Sample>>> samples = new EnumMap<>(Row.class);
  private final List<IdlePairs.Found> idle = new ArrayList<>();

  void add(Row row, String contestant, Sample sample) {
    samples
        .computeIfAbsent(row, any -> new LinkedHashMap<>())
        .computeIfAbsent(contestant, any -> new ArrayList<>())
        .add(sample);
  }

  void add(IdlePairs.Found found) {
    idle.add(found);
  }

  /** Medians, then the ratios the goals are about. */
  void print(PrintStream out) {
    out.println();
    out.println("medians; CPU in seconds a GB (10^9 bytes), round trips in microseconds");
    out.printf(LINE, "row", "way", "relay CPU", "load CPU", "GB/s", "p50", "p99");
    samples.forEach((row, ways) ->
        ways.forEach((way, seen) ->
            out.printf(
                LINE,
                row.shown(),
                way,
                number(median(seen, Sample::relayCpu), 3),
                number(median(seen, Sample::generatorCpu), 3),
                number(median(seen, Sample::speed), 2),
                number(median(seen, Sample::p50), 1),
                number(median(seen, Sample::p99), 1))));
    idle.forEach(found ->
        out.printf(
            Locale.ROOT,
            "%-10s %d pairs, %.0f bytes of live heap each%n",
            Row.IDLE.shown(),
            found.pairs(),
            found.bytes()));
    out.println();
    out.println("relay and load CPU together, without a goal");
    for (Row row : List.of(Row.BULK_1, Row.BULK_50)) {
      for (String way : List.of("ours-splice", "ours-copy")) {
        together(out, row, way);
      }
    }
    out.println();
    out.println("against the goals");
    for (Row row : List.of(Row.BULK_1, Row.BULK_50)) {
      ratio(out, row, "ours-splice", RIVAL, "CPU", Sample::relayCpu, 1.0);
      ratio(out, row, "ours-copy", RIVAL, "CPU", Sample::relayCpu, 1.3);
      atLeast(out, row, "ours-splice", 0.40);
      atLeast(out, row, "ours-copy", 0.40);
    }
    for (String way : List.of("ours-splice", "ours-copy")) {
      ratio(out, Row.PACED, way, RIVAL, "CPU", Sample::relayCpu, 1.15);
    }
    for (Row row : List.of(Row.PING, Row.PING_PACED)) {
      for (String way : List.of("ours-splice", "ours-copy")) {
        ratio(out, row, way, RIVAL, "p50", Sample::p50, 1.1);
        ratio(out, row, way, RIVAL, "p99", Sample::p99, 1.3);
      }
    }
    for (IdlePairs.Found found : idle) {
      verdict(out, Row.IDLE, "heap KB of a pair", found.bytes() / 1000, "<=", 5, true);
    }
  }

  private void ratio(
      PrintStream out,
      Row row,
      String way,
      String rival,
      String what,
      ToDoubleFunction<Sample> figure,
      double goal) {
    double ours = median(of(row, way), figure);
    double theirs = median(of(row, rival), figure);
    if (ours > 0 && theirs > 0) {
      verdict(out, row, what + " " + way + " / " + rival, ours / theirs, "<=", goal, true);
    }
  }

  /** On loopback a sender does the receiver's work in the kernel: only the sum is nobody's luck. */
  private void together(PrintStream out, Row row, String way) {
    ToDoubleFunction<Sample> sum = sample -> sample.relayCpu() + sample.generatorCpu();
    double ours = median(of(row, way), sum);
    double theirs = median(of(row, RIVAL), sum);
    if (ours > 0 && theirs > 0) {
      out.printf(FIGURE, row.shown(), "CPU " + way + " / " + RIVAL, number(ours / theirs, 2));
    }
  }

  private void atLeast(PrintStream out, Row row, String way, double goal) {
    double ours = median(of(row, way), Sample::speed);
    double direct = median(of(row, "direct"), Sample::speed);
    if (ours > 0 && direct > 0) {
      verdict(out, row, "GB/s " + way + " / direct", ours / direct, ">=", goal, false);
    }
  }

  private static void verdict(
      PrintStream out,
      Row row,
      String what,
      double value,
      String sign,
      double goal,
      boolean isMost) {
    boolean isMet = isMost ? value <= goal : value >= goal;
    out.printf(
        VERDICT,
        row.shown(),
        what,
        number(value, 2),
        sign,
        number(goal, 2),
        isMet ? "met" : "MISSED");
  }

  private List<Sample> of(Row row, String way) {
    return samples.getOrDefault(row, Map.of()).getOrDefault(way, List.of());
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
