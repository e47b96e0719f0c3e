package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.load.Percentiles;
import dev.rallypoint.loadtest.load.PunchResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Counts the results of punch hole requests.
 *
 * @param results the results to count
 */
record PunchStatistics(List<PunchResult> results) {

  PunchStatistics where(Predicate<PunchResult> condition) {
    return new PunchStatistics(results.stream().filter(condition).toList());
  }

  PunchStatistics since(long moment) {
    return where(punch -> punch.begun() - moment >= 0);
  }

  long failed() {
    return results.stream().filter(punch -> !punch.isFound()).count();
  }

  /** The failures by outcome, such as {@code NO_ANSWER 3}, or {@code none}. */
  String failures() {
    Map<String, Long> counts =
        new TreeMap<>(
            results.stream()
                .filter(punch -> !punch.isFound())
                .collect(Collectors.groupingBy(PunchStatistics::failure, Collectors.counting())));
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  /** Describes the first failures, one line each. */
  List<String> details(long since, int most) {
    return results.stream()
        .filter(punch -> !punch.isFound())
        .sorted(Comparator.comparingLong(PunchResult::begun))
        .limit(most)
        .map(punch ->
            "%s at %s, target at node %d, request at node %d, took %s"
                .formatted(
                    failure(punch),
                    RunReport.seconds(Duration.ofNanos(punch.begun() - since)),
                    punch.home(),
                    punch.node(),
                    RunReport.seconds(punch.took())))
        .toList();
  }

  private static String failure(PunchResult result) {
    return result.outcome() + (result.text().isEmpty() ? "" : " \"" + result.text() + "\"");
  }

  /** The times of the successful requests. */
  Percentiles times() {
    return Percentiles.of(
        results.stream().filter(PunchResult::isFound).map(PunchResult::took).toList());
  }

  Duration slowest() {
    return times().longest();
  }

  int size() {
    return results.size();
  }
}
