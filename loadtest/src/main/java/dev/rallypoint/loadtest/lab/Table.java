package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.machine.LabException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The lab's result, one row for a step, printed as it comes. */
final class Table {
  private static final String ROW = "| %2s | %-4s | %6s | %-54s | %s%n";

  private final PrintStream out;
  private int rows;
  private int failures;

  Table(PrintStream out) {
    this.out = out;
  }

  void begin() {
    out.printf(Locale.ROOT, ROW, "#", "", "s", "what must happen", "what was seen");
  }

  /** Plays a step and prints its row. */
  void play(int number, Step step, Stage stage) {
    rows++;
    long start = System.nanoTime();
    String verdict = "pass";
    String seen;
    try {
      seen = step.act().on(stage);
    } catch (Step.NotSeen | LabException e) {
      verdict = "FAIL";
      failures++;
      seen = String.valueOf(e.getMessage());
    }
    String seconds = String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9);
    out.printf(Locale.ROOT, ROW, number, verdict, seconds, step.name(), seen);
    out.flush();
  }

  /** Prints the names of steps without playing them. */
  void list(SortedMap<Integer, Step> steps) {
    steps.forEach((number, step) -> out.printf(Locale.ROOT, "%2d  %s%n", number, step.name()));
  }

  /** Numbers all steps from 1. */
  static SortedMap<Integer, Step> numbered(List<Step> steps) {
    SortedMap<Integer, Step> rows = new TreeMap<>();
    steps.forEach(step -> rows.put(rows.size() + 1, step));
    return rows;
  }

  /** Whether every row passed. */
  boolean allPassed() {
    return failures == 0;
  }

  void end() {
    out.printf(Locale.ROOT, "%d of %d rows passed%n", rows - failures, rows);
  }
}
