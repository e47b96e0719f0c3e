package dev.rallypoint.loadtest.benchmark.report;

import java.io.IOException;
import java.util.List;

/**
 * One benchmark of the command {@code bench}. It starts the servers that it measures, and ends
 * them.
 */
public interface Benchmark {
  /** The name on the command line, in small letters with hyphens. */
  String name();

  /** What is measured, in one sentence. */
  String description();

  /**
   * Measures.
   *
   * @return the figures in the order of the table, each the median of its runs
   */
  List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException;
}
