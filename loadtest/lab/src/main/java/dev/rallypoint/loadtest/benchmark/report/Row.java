package dev.rallypoint.loadtest.benchmark.report;

import java.util.Optional;

/**
 * One figure of a benchmark.
 *
 * @param name what was measured, such as {@code p99 at 20,000/s}
 * @param server what was measured: {@link #OURS}, {@code hbbs}, {@code HAProxy}
 * @param goal what the figure should be, or empty
 * @param chart the title of the chart that shows it, or empty; all rows of one chart have one unit
 */
public record Row(
    String name, String server, double value, String unit, Optional<Goal> goal, String chart) {
  /** The server of a row that measures the node. */
  public static final String OURS = "Rallypoint";

  /** A figure of the node, without a goal and in no chart. */
  public static Row of(String name, double value, String unit) {
    return new Row(name, OURS, value, unit, Optional.empty(), "");
  }

  /** The figure of another server. */
  public Row by(String other) {
    return new Row(name, other, value, unit, goal, chart);
  }

  /** The figure should be this at most. */
  public Row atMost(double most) {
    return new Row(name, server, value, unit, Optional.of(new Goal(true, most)), chart);
  }

  /** The figure should be this at least. */
  public Row atLeast(double least) {
    return new Row(name, server, value, unit, Optional.of(new Goal(false, least)), chart);
  }

  /** The figure is a bar of this chart. */
  public Row inChart(String title) {
    return new Row(name, server, value, unit, goal, title);
  }

  Row withValue(double other) {
    return new Row(name, server, other, unit, goal, chart);
  }

  /** How it compares with its goal; empty without one. */
  public String verdict() {
    return goal.map(set -> set.verdict(value)).orElse("");
  }
}
