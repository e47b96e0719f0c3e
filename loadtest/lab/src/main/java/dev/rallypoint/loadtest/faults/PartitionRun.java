package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.SupervisedNode;
import dev.rallypoint.loadtest.cluster.SupervisedNode.Exit;
import dev.rallypoint.loadtest.load.PunchLoad;
import dev.rallypoint.loadtest.load.PunchRequester;
import dev.rallypoint.loadtest.load.PunchResult;
import dev.rallypoint.loadtest.load.RegisteredPeer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * R3: the last node is separated from the others, and its links are restored. With two nodes either
 * of them may continue; the other one is the loser.
 */
final class PartitionRun extends FaultRun {
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(40);
  private static final Duration TIME_AFTER_EXIT = Duration.ofSeconds(15);
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final int COMPARED_IDS = 40;
  private static final int FIRST_ID = 710_000_000;
  private static final int CONFLICTING_IDS = 10;

  PartitionRun() {
    super(
        "R3",
        "the last node is separated from the others; then again, from the database too",
        1_000,
        100);
  }

  @Override
  List<String> settings(RunSize size) {
    return IdConflictCheck.SETTINGS;
  }

  @Override
  void run(LoadedCluster loaded, RunReport report) throws Exception {
    int separated = loaded.nodes().size();
    run(loaded, report, new Partition(loaded.cluster().network(), separated, false), name());
    if (!loaded.size().isQuick()) {
      Partition fromDatabase = new Partition(loaded.cluster().network(), separated, true);
      run(loaded, report, fromDatabase, name() + " db");
    }
  }

  private void run(LoadedCluster loaded, RunReport report, Partition partition, String row)
      throws Exception {
    IdConflictCheck conflicts = IdConflictCheck.start(loaded, FIRST_ID, CONFLICTING_IDS);
    try (conflicts;
        PunchLoad load = loaded.startPunchLoad(() -> loaded.group().peers());
        NodeRequests requests = new NodeRequests(loaded)) {
      loaded.cluster().nodes().forEach(node -> requests.start(node.number()));
      loaded.pause(loaded.size().seconds(10, 3));

      long cut = System.nanoTime();
      partition.begin();
      loaded.pause(loaded.size().seconds(60, 24));
      // A process that ends late must not be taken for one that came back.
      loaded.await(EXIT_LIMIT, () -> !exitsSince(loaded, cut).isEmpty());
      // The supervisor has started the node again: wait to see whether it answers on its own.
      loaded.await(
          TIME_AFTER_EXIT,
          () ->
              exitsSince(loaded, cut).isEmpty()
                  || exitsSince(loaded, cut).stream().anyMatch(PartitionRun::isLongAgo));
      long restored = System.nanoTime();
      partition.end();
      boolean areAllReady =
          loaded.cluster().nodes().stream().allMatch(node -> node.awaitReady(READY_LIMIT));
      Duration ready = Duration.ofNanos(System.nanoTime() - restored);
      int peers = loaded.group().peers().size();
      loaded.await(READY_LIMIT, () -> loaded.group().acknowledgedSince(restored) == peers);
      loaded.pause(loaded.size().seconds(20, 3));
      requests.stop();
      conflicts.close();
      PunchStatistics punches = new PunchStatistics(load.finish());

      PartitionResult result =
          new PartitionResult(partition.node(), cut, restored, exits(loaded), requests.results());
      result.report(report, row);
      report.check(
          row,
          "all nodes are ready after links were restored",
          areAllReady,
          areAllReady ? RunReport.seconds(ready) : "no");
      PunchStatistics otherSide =
          punches
              .where(punch -> punch.begun() - cut > 0 && punch.begun() - restored < 0)
              .where(punch -> punch.home() != result.loser() && punch.node() != result.loser());
      report.value(row, "requests on the other side during the cut", otherSide.size());
      report.value(row, "  failed", otherSide.failures());
      otherSide.details(cut, 5).forEach(text -> report.value(row, "    " + text, ""));
    }
    conflicts.reportViolations(report, row);
    AnswerComparison.of(loaded, comparedIds(loaded)).report(report, row);
  }

  private static List<Exit> exitsSince(LoadedCluster loaded, long cut) {
    return loaded.cluster().nodes().stream()
        .flatMap(node -> node.unexpectedExits().stream())
        .filter(exit -> exit.at() - cut > 0)
        .toList();
  }

  private static boolean isLongAgo(Exit exit) {
    return System.nanoTime() - exit.at() > TIME_AFTER_EXIT.toNanos();
  }

  private static Map<Integer, List<Exit>> exits(LoadedCluster loaded) {
    return loaded.cluster().nodes().stream()
        .collect(Collectors.toMap(SupervisedNode::number, SupervisedNode::unexpectedExits));
  }

  private static List<String> comparedIds(LoadedCluster loaded) {
    return loaded.group().peers().stream().limit(COMPARED_IDS).map(RegisteredPeer::id).toList();
  }

  /**
   * Asks each node separately for a peer and for an id that does not exist, four times a second.
   */
  private static final class NodeRequests implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final String UNKNOWN_ID = "899999999";

    private final LoadedCluster loaded;
    private final Map<Integer, Queue<PunchResult>> results = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private NodeRequests(LoadedCluster loaded) {
      this.loaded = loaded;
    }

    private Map<Integer, List<PunchResult>> results() {
      return results.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }

    private void start(int node) {
      Queue<PunchResult> ofNode = new ConcurrentLinkedQueue<>();
      results.put(node, ofNode);
      loaded
          .threads()
          .execute(() -> {
            while (!closed) {
              List<RegisteredPeer> peers = loaded.group().peers();
              String id = peers.get(ThreadLocalRandom.current().nextInt(peers.size())).id();
              loaded.threads().execute(() -> ofNode.add(request(node, id)));
              loaded.threads().execute(() -> ofNode.add(request(node, UNKNOWN_ID)));
              loaded.pause(PERIOD);
            }
          });
    }

    private PunchResult request(int node, String id) {
      return loaded.requester().requestAt(node, id, PunchRequester.ONE_REQUEST);
    }

    private void stop() {
      closed = true;
    }

    @Override
    public void close() {
      stop();
    }
  }
}
