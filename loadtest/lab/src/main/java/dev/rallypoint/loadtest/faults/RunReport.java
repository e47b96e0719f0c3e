package dev.rallypoint.loadtest.faults;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of all runs; prints each at once, with its goal and whether the goal was met. */
public final class RunReport {
  private static final Duration NEVER = Duration.ofDays(1).minusMillis(1);
  private static final String ROW = "| %-7s | %-58s | %14s | %10s | %-6s |%n";

  private final PrintStream out;
  private final boolean isTimed;
  private final List<Figure> figures = new ArrayList<>();

  /** A figure; the goal is empty when there is none. */
  private record Figure(String run, String name, String value, String goal, boolean isMet) {
    String result() {
      return goal.isEmpty() ? "" : isMet ? "met" : "MISSED";
    }
  }

  /**
   * No figures yet.
   *
   * @param isTimed whether a time must be within its goal; otherwise it only must not be unlimited
   */
  public RunReport(PrintStream out, boolean isTimed) {
    this.out = out;
    this.isTimed = isTimed;
  }

  /** Prints the heading of the table. */
  public void printHeader() {
    out.printf(Locale.ROOT, ROW, "run", "figure", "value", "goal", "result");
  }

  /** Reports a figure without a goal. */
  public void value(String run, String name, Object value) {
    add(new Figure(run, name, String.valueOf(value), "", true));
  }

  /** Reports a number with an upper limit. */
  public void atMost(String run, String name, long value, long goal) {
    String limit = goal == 0 ? "0" : "<= " + goal;
    add(new Figure(run, name, String.valueOf(value), limit, value <= goal));
  }

  /** Reports a number with a lower limit, such as how many requests another figure is about. */
  public void atLeast(String run, String name, long value, long goal) {
    add(new Figure(run, name, String.valueOf(value), ">= " + goal, value >= goal));
  }

  /** Reports a time with an upper limit. */
  public void atMost(String run, String name, Duration value, Duration goal) {
    boolean isMet = value.compareTo(isTimed ? goal : NEVER) <= 0;
    String limit = isTimed ? "<= " + goal.toSeconds() + " s" : "ever";
    add(new Figure(run, name, seconds(value), limit, isMet));
  }

  /** Reports a condition that must hold, with the observed value. */
  public void check(String run, String name, boolean holds, Object value) {
    add(new Figure(run, name, String.valueOf(value), "yes", holds));
  }

  /** A time as text, such as {@code 1.5 s}, or {@code never}. */
  public static String seconds(Duration time) {
    return time.compareTo(NEVER) >= 0
        ? "never"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
  }

  private synchronized void add(Figure figure) {
    figures.add(figure);
    out.printf(
        Locale.ROOT,
        ROW,
        figure.run(),
        figure.name(),
        figure.value(),
        figure.goal(),
        figure.result());
    out.flush();
  }

  /** Whether every goal was met. */
  public synchronized boolean allMet() {
    return figures.stream().allMatch(Figure::isMet);
  }

  /** All figures as comma separated values, the header first. */
  public synchronized List<String> csv() {
    List<String> lines = new ArrayList<>(List.of("run,figure,value,goal,result"));
    for (Figure f : figures) {
      lines.add("%s,\"%s\",%s,%s,%s".formatted(f.run(), f.name(), f.value(), f.goal(), f.result()));
    }
    return lines;
  }
}
