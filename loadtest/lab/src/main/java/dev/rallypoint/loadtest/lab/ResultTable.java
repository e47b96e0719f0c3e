package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SortedMap;

/** The table of results of a lab; prints one row for each scenario. */
final class ResultTable {
  private static final String ROW = "| %2s | %-4s | %6s | %-54s | %s%n";

  private final PrintStream out;
  private int rows;
  private int failures;

  ResultTable(PrintStream out) {
    this.out = out;
  }

  void printHeader() {
    out.printf(Locale.ROOT, ROW, "#", "", "s", "expected", "observed");
  }

  /** Runs a scenario and prints its row. */
  void run(int number, Scenario scenario, Testbed testbed) {
    rows++;
    long start = System.nanoTime();
    String verdict = "pass";
    String observed;
    try {
      observed = scenario.action().run(testbed);
    } catch (Scenario.CheckFailed | EnvironmentException e) {
      verdict = "FAIL";
      failures++;
      observed = String.valueOf(e.getMessage());
    }
    String seconds = String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9);
    out.printf(Locale.ROOT, ROW, number, verdict, seconds, scenario.name(), observed);
    out.flush();
  }

  /** Prints the names of scenarios without running them. */
  void list(SortedMap<Integer, Scenario> scenarios) {
    scenarios.forEach(
        (number, scenario) -> out.printf(Locale.ROOT, "%2d  %s%n", number, scenario.name()));
  }

  /** Whether all rows passed. */
  boolean allPassed() {
    return failures == 0;
  }

  void printSummary() {
    out.printf(Locale.ROOT, "%d of %d rows passed%n", rows - failures, rows);
  }
}
