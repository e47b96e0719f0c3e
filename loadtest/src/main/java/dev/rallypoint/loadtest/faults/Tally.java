package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.crowd.Asked;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Punches, counted. */
record Tally(List<Asked> asked) {

  Tally where(Predicate<Asked> condition) {
    return new Tally(asked.stream().filter(condition).toList());
  }

  Tally since(long moment) {
    return where(one -> one.begun() - moment >= 0);
  }

  long failed() {
    return asked.stream().filter(one -> !one.isFound()).count();
  }

  /** Failures by outcome, such as {@code SILENT 3}; "none" without. */
  String failures() {
    Map<String, Long> counts =
        new TreeMap<>(
            asked.stream()
                .filter(one -> !one.isFound())
                .collect(Collectors.groupingBy(Tally::failure, Collectors.counting())));
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  /** The first failures, one line each, with when they began. */
  List<String> details(long since, int most) {
    return asked.stream()
        .filter(one -> !one.isFound())
        .sorted(Comparator.comparingLong(Asked::begun))
        .limit(most)
        .map(one ->
            "%s at %s, home node %d, asked at node %d, after %s"
                .formatted(
                    failure(one),
                    Scorecard.seconds(Duration.ofNanos(one.begun() - since)),
                    one.home(),
                    one.node(),
                    Scorecard.seconds(one.took())))
        .toList();
  }

  private static String failure(Asked asked) {
    return asked.outcome() + (asked.words().isEmpty() ? "" : " \"" + asked.words() + "\"");
  }

  /** How long the successful ones took. */
  Spread times() {
    return Spread.of(asked.stream().filter(Asked::isFound).map(Asked::took).toList());
  }

  Duration slowest() {
    return times().longest();
  }

  int size() {
    return asked.size();
  }
}
