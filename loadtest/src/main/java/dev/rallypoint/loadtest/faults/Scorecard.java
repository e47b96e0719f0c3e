package dev.rallypoint.loadtest.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The figures of all runs, each printed as it comes, with a goal and a verdict where it has one.
 */
final class Scorecard {
  private static final Duration LONGEST = Duration.ofDays(1).minusMillis(1);
  private static final String ROW = "| %-7s | %-58s | %14s | %10s | %-6s |%n";

  private final PrintStream out;
  private final boolean isTimed;
  private final List<Figure> figures = new ArrayList<>();

  /** A figure; the goal is empty where it only tells. */
  private record Figure(String run, String what, String value, String goal, boolean isMet) {
    String verdict() {
      return goal.isEmpty() ? "" : isMet ? "met" : "MISSED";
    }
  }

  /**
   * @param isTimed whether a time above its goal is a goal missed; else only what never happened is
   */
  Scorecard(PrintStream out, boolean isTimed) {
    this.out = out;
    this.isTimed = isTimed;
  }

  void begin() {
    out.printf(Locale.ROOT, ROW, "run", "figure", "value", "goal", "");
  }

  /** A figure that only tells. */
  void tell(String run, String what, Object value) {
    add(new Figure(run, what, String.valueOf(value), "", true));
  }

  /** A number that may be so large at most. */
  void atMost(String run, String what, long value, long goal) {
    String limit = goal == 0 ? "0" : "<= " + goal;
    add(new Figure(run, what, String.valueOf(value), limit, value <= goal));
  }

  /** A number that must be so large at least, such as of what is judged in another figure. */
  void atLeast(String run, String what, long value, long goal) {
    add(new Figure(run, what, String.valueOf(value), ">= " + goal, value >= goal));
  }

  /** A time that may be so long at most. */
  void atMost(String run, String what, Duration value, Duration goal) {
    boolean isMet = value.compareTo(isTimed ? goal : LONGEST) <= 0;
    String limit = isTimed ? "<= " + goal.toSeconds() + " s" : "ever";
    add(new Figure(run, what, seconds(value), limit, isMet));
  }

  /** Something that must be so. */
  void must(String run, String what, boolean holds, Object seen) {
    add(new Figure(run, what, String.valueOf(seen), "yes", holds));
  }

  static String seconds(Duration time) {
    return time.compareTo(LONGEST) >= 0
        ? "never"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
  }

  private synchronized void add(Figure figure) {
    figures.add(figure);
    out.printf(
        Locale.ROOT,
        ROW,
        figure.run(),
        figure.what(),
        figure.value(),
        figure.goal(),
        figure.verdict());
    out.flush();
  }

  /** Whether every figure with a goal met it. */
  synchronized boolean allMet() {
    return figures.stream().allMatch(Figure::isMet);
  }

  /** Writes all figures as comma separated values. */
  synchronized void write(Path file) throws IOException {
    try (PrintWriter csv = new PrintWriter(Files.newBufferedWriter(file))) {
      csv.println("run,figure,value,goal,verdict");
      for (Figure f : figures) {
        csv.printf("%s,\"%s\",%s,%s,%s%n", f.run(), f.what(), f.value(), f.goal(), f.verdict());
      }
    }
  }
}
