package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.SupervisedNode.Exit;
import dev.rallypoint.loadtest.load.PunchResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The observations of a partition, and their evaluation: which side lost, when it stopped to
 * answer, and whether the other side continued. Moments are {@code System.nanoTime} values.
 *
 * @param node the node that was separated from the others
 * @param cut when its links were cut
 * @param restored when its links were restored
 * @param exits the unexpected exits of the processes of each node
 * @param answers the results of requests to each node, before, during and after the partition
 */
record PartitionResult(
    int node,
    long cut,
    long restored,
    Map<Integer, List<Exit>> exits,
    Map<Integer, List<PunchResult>> answers) {
  private static final Duration GOAL = Duration.ofSeconds(20);

  /** With two nodes, either of them may continue. */
  private static final int TWO_NODES = 2;

  /** The node that lost: the first whose process ended, otherwise the separated node. */
  int loser() {
    return exits.keySet().stream()
        .filter(node -> !exitsOf(node).isEmpty())
        .min((one, other) ->
            Long.signum(exitsOf(one).getFirst().at() - exitsOf(other).getFirst().at()))
        .orElse(node);
  }

  private List<Exit> exitsOf(int node) {
    return exits.getOrDefault(node, List.of()).stream()
        .filter(exit -> exit.at() - cut > 0)
        .toList();
  }

  /** Reports the figures of the partition. */
  void report(RunReport report, String row) {
    int loser = loser();
    List<Exit> losing = exitsOf(loser);
    if (exits.size() > TWO_NODES) {
      report.check(row, "the separated node lost", loser == node, "node " + loser);
    } else {
      report.value(row, "the node that lost", "node " + loser);
    }
    long before =
        of(loser).filter(result -> result.ended() - cut < 0).filter(this::isDecision).count();
    report.atLeast(row, "its decisions before the partition", before, 1);
    report.atMost(row, "its last decision after the cut", lastDecision(loser), GOAL);
    report.check(row, "its process ended by itself", !losing.isEmpty(), exitCodes(losing));
    if (!losing.isEmpty()) {
      long ended = losing.getFirst().at();
      report.value(row, "  time from the cut", RunReport.seconds(Duration.ofNanos(ended - cut)));
      report.atMost(row, "  its answers until links were restored", answersSince(loser, ended), 0);
    }
    report.atMost(row, "processes of the other side that ended", otherExits(loser), 0);
    report.atLeast(row, "least peers found by a node of the other side", leastFound(loser), 1);
  }

  /** Counts answers to requests that began after the exit: the next process must not answer. */
  private long answersSince(int node, long exited) {
    return of(node)
        .filter(result -> result.begun() - exited > 0 && result.ended() - restored < 0)
        .filter(result -> result.outcome().isAnswer())
        .count();
  }

  private long otherExits(int loser) {
    return exits.keySet().stream()
        .filter(node -> node != loser)
        .mapToLong(node -> exitsOf(node).size())
        .sum();
  }

  /** The fewest peers that one of the other nodes found after the exit of the loser. */
  private long leastFound(int loser) {
    List<Exit> losing = exitsOf(loser);
    long since = losing.isEmpty() ? cut : losing.getFirst().at();
    return answers.keySet().stream()
        .filter(node -> node != loser)
        .mapToLong(node ->
            of(node)
                .filter(result -> result.begun() - since > 0 && result.ended() - restored < 0)
                .filter(PunchResult::isFound)
                .count())
        .min()
        .orElse(0);
  }

  private Duration lastDecision(int node) {
    return of(node)
        .filter(this::isDecision)
        .map(PunchResult::ended)
        .filter(at -> at - cut > 0 && at - restored < 0)
        .map(at -> Duration.ofNanos(at - cut))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private Stream<PunchResult> of(int node) {
    return answers.getOrDefault(node, List.of()).stream();
  }

  private boolean isDecision(PunchResult result) {
    return result.outcome().isDecision();
  }

  private static String exitCodes(List<Exit> exits) {
    return exits.isEmpty()
        ? "no"
        : "codes "
            + exits.stream()
                .map(exit -> String.valueOf(exit.code()))
                .collect(Collectors.joining(" "));
  }
}
