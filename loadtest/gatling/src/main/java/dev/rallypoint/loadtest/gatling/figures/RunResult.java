package dev.rallypoint.loadtest.gatling.figures;

import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A run and its figures.
 *
 * @param simulation the class of the simulation
 * @param started when the run began
 * @param took how long it took, the report left out
 * @param cpu the time that this process has used the processors, all threads
 * @param exitCode what the launcher ends with
 * @param requests the figures by request name
 * @param counters the events
 * @param verdicts how the limits were kept
 */
public record RunResult(
    String simulation,
    Instant started,
    Duration took,
    Duration cpu,
    int exitCode,
    Map<String, RequestSummary> requests,
    Map<Counter, Long> counters,
    List<Verdict> verdicts) {

  /** Whether each limit was kept. */
  public boolean isWithinLimits() {
    return verdicts.stream().allMatch(Verdict::held);
  }
}
