package dev.rallypoint.loadtest.benchmark.report;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What all benchmarks are told.
 *
 * @param isQuick small sizes, which only show that it works: the figures mean nothing
 * @param runs how many runs count
 * @param launcher bin/rallypoint of the node to measure
 * @param hbbs RustDesk's ID server, to measure with the same work
 * @param hbbr RustDesk's relay, likewise
 * @param progress gets a line for each step
 */
public record BenchmarkOptions(
    boolean isQuick,
    int runs,
    Path launcher,
    Optional<Path> hbbs,
    Optional<Path> hbbr,
    Consumer<String> progress) {
  /** The first of two values with {@code --quick}, else the second. */
  public int size(int quick, int full) {
    return isQuick ? quick : full;
  }
}
