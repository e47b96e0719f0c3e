package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.capacity.Finding.Rate;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Findings as a Markdown table. */
final class CapacityTable {
  private static final double PERCENT = 100;

  private CapacityTable() {}

  /** The lines of the table. */
  static List<String> lines(List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| server | load | highest rate | p50 us | p99 us | p99.9 us | lost | server cores"
            + " | generator cores | next rate that failed |");
    lines.add("|---|---|---:|---:|---:|---:|---:|---:|---:|---|");
    findings.forEach(finding -> lines.add(line(finding)));
    return lines;
  }

  private static String line(Finding finding) {
    String begin = "| %s | %s | ".formatted(finding.server(), finding.load());
    if (!finding.skipped().isEmpty()) {
      return begin + "skipped: " + finding.skipped() + " | | | | | | | |";
    }
    String failed =
        finding
            .failed()
            .map(rate -> "%s, %s".formatted(grouped(rate.rate()), why(rate)))
            .orElse("none tried");
    return begin
        + finding.best().map(rate -> measured(finding.load(), rate)).orElse("none | | | | | | ")
        + " | "
        + failed
        + " |";
  }

  private static String why(Rate rate) {
    RequestSummary requests = rate.run().requests();
    String values =
        switch (rate.verdict()) {
          case LOST -> " %.2f %%".formatted(requests.loss() * PERCENT);
          case LATE, GENERATOR -> " p99 %s us".formatted(grouped(requests.percentile(99)));
          case HELD -> "";
        };
    return switch (rate.verdict()) {
      case LATE -> values.strip();
      case LOST, GENERATOR, HELD -> rate.verdict().text() + "," + values;
    };
  }

  private static String measured(Load load, Rate rate) {
    RequestSummary requests = rate.run().requests();
    return String.join(
        " | ",
        grouped(rate.rate()) + " " + load.unit(),
        grouped(requests.percentile(50)),
        grouped(requests.percentile(99)),
        grouped(requests.percentile(99.9)),
        "%d of %s".formatted(requests.ko(), grouped(requests.ok() + requests.ko())),
        cores(rate.run().serverCores()),
        cores(rate.run().generatorCores()));
  }

  private static String cores(double cores) {
    return Double.isNaN(cores) ? "" : String.format(Locale.ROOT, "%.2f", cores);
  }

  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
