package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.load.SourceAddresses;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several runs one after the other on one cluster. Of R5 only the id conflicts run, during all
 * other runs.
 */
final class CombinedRun extends FaultRun {
  private final List<FaultRun> runs;

  CombinedRun(List<FaultRun> runs) {
    super(
        runs.stream().map(FaultRun::name).collect(Collectors.joining("+")),
        "several runs on one cluster, one after the other",
        0,
        0);
    this.runs = runs;
  }

  /** The merged settings; R5 contributes only those of its conflicts. */
  @Override
  List<String> settings(RunSize size) {
    NodeSettings merged = NodeSettings.NONE;
    for (FaultRun run : runs) {
      merged = merged.with(isConflicts(run) ? IdConflictCheck.SETTINGS : run.settings(size));
    }
    return merged.lines();
  }

  @Override
  int peers(RunSize size) {
    return runs.stream().mapToInt(run -> run.peers(size)).max().orElse(0);
  }

  /** The addresses of the run that has most peers behind one address. */
  @Override
  SourceAddresses addresses() {
    return runs.stream()
        .map(FaultRun::addresses)
        .max(Comparator.comparingInt(SourceAddresses::peersPerAddress))
        .orElse(SourceAddresses.ONE_PER_PEER);
  }

  @Override
  void run(LoadedCluster loaded, RunReport report) throws Exception {
    // The cost of heartbeats is measured first, before other load exists.
    runAll(runs.stream().filter(CombinedRun::isSteady).toList(), loaded, report);
    List<FaultRun> faults =
        runs.stream().filter(run -> !isConflicts(run) && !isSteady(run)).toList();
    if (runs.stream().noneMatch(CombinedRun::isConflicts)) {
      runAll(faults, loaded, report);
      return;
    }
    try (IdConflictCheck conflicts = IdConflictCheck.start(loaded)) {
      runAll(faults, loaded, report);
      conflicts.finish(report, "R5");
    }
  }

  private static boolean isConflicts(FaultRun run) {
    return run instanceof KeyOwnershipRun;
  }

  private static boolean isSteady(FaultRun run) {
    return run instanceof SteadyHeartbeatsRun;
  }

  private static void runAll(List<FaultRun> faults, LoadedCluster loaded, RunReport report)
      throws Exception {
    for (FaultRun fault : faults) {
      fault.run(loaded, report);
    }
  }
}
