package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.SupervisedNode;
import dev.rallypoint.loadtest.load.Percentiles;
import dev.rallypoint.loadtest.load.PunchLoad;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** R4: all nodes are killed and started at the same time, and all peers register again. */
final class ClusterRestartRun extends FaultRun {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration GOAL = Duration.ofSeconds(20);

  /** Many peers share an address, as in offices, so that the limits per address are tested. */
  private static final SourceAddresses OFFICES = new SourceAddresses(300);

  /** Every fourth peer comes back from another address, so that it must send its key again. */
  private static final int ADDRESS_CHANGES_ONE_IN = 4;

  /** After this time, all answers from before the kill have been read. */
  private static final Duration LATE_ANSWERS = Duration.ofMillis(500);

  ClusterRestartRun() {
    super("R4", "all nodes are killed and started at the same time", 20_000, 500);
  }

  @Override
  SourceAddresses addresses() {
    return OFFICES;
  }

  @Override
  void run(LoadedCluster loaded, RunReport report) {
    int all = peers(loaded.size());
    long killed = System.nanoTime();
    loaded.cluster().nodes().forEach(SupervisedNode::kill);
    int changed = loaded.changeAddresses(ADDRESS_CHANGES_ONE_IN);
    loaded.pause(LATE_ANSWERS);
    Map<Result, Long> before = results(loaded);
    long lost = System.nanoTime();
    loaded.cluster().startNodes();
    loaded.cluster().awaitReady();
    long ready = System.nanoTime();
    boolean areAllBack = loaded.await(LIMIT, () -> loaded.acknowledgedSince(lost) >= all);
    Duration back = areAllBack ? Duration.ofNanos(System.nanoTime() - ready) : Percentiles.NEVER;
    Duration time = loaded.size().seconds(15, 4);
    PunchStatistics punches;
    try (PunchLoad load = loaded.startPunchLoad(loaded.group()::peers)) {
      loaded.pause(time);
      punches = new PunchStatistics(load.finish());
    }
    Map<Result, Long> since = results(loaded);
    since.replaceAll((result, count) -> count - before.getOrDefault(result, 0L));

    report.value(name(), "peers", all);
    report.value(name(), "  per source address", loaded.group().addresses().peersPerAddress());
    report.value(name(), "  with another source address after the restart", changed);
    report.value(
        name(),
        "time from the kill to all nodes ready",
        RunReport.seconds(Duration.ofNanos(ready - killed)));
    report.atMost(name(), "time from ready to the last peer registered", back, GOAL);
    report.atMost(
        name(), "peers that did not register again", all - loaded.acknowledgedSince(lost), 0);
    report.atLeast(name(), "RegisterPk answered OK", since.getOrDefault(Result.OK, 0L), changed);
    report.atMost(
        name(), "RegisterPk answered TOO_FREQUENT", since.getOrDefault(Result.TOO_FREQUENT, 0L), 0);
    report.atMost(
        name(),
        "RegisterPk answered UUID_MISMATCH",
        since.getOrDefault(Result.UUID_MISMATCH, 0L),
        0);
    report.value(
        name(), "RegisterPk answered SERVER_ERROR", since.getOrDefault(Result.SERVER_ERROR, 0L));
    report.atLeast(
        name(), "punch hole requests afterwards", punches.size(), loaded.size().enough(time, 1));
    report.atMost(name(), "  failed", punches.failed(), 0);
    report.value(name(), "  outcomes of the failed ones", punches.failures());
  }

  private static Map<Result, Long> results(LoadedCluster loaded) {
    Map<Result, Long> counts = new EnumMap<>(Result.class);
    for (Result result : Result.values()) {
      counts.put(result, loaded.results(result));
    }
    return counts;
  }
}
