package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.SupervisedNode;
import java.time.Duration;
import java.util.List;

/** R5: no fault may make the cluster give an id to two devices, or answer with a wrong key. */
final class KeyOwnershipRun extends FaultRun {
  private static final Duration READY_LIMIT = Duration.ofSeconds(90);

  KeyOwnershipRun() {
    super(
        "R5",
        "two devices register each id at all nodes, during a kill, a partition and a restart",
        200,
        50);
  }

  @Override
  List<String> settings(RunSize size) {
    return NodeSettings.NONE
        .with(IdConflictCheck.SETTINGS)
        .with(List.of("drain-window=2s"))
        .lines();
  }

  @Override
  void run(LoadedCluster loaded, RunReport report) throws Exception {
    RunSize size = loaded.size();
    int last = loaded.nodes().size();
    try (IdConflictCheck conflicts = IdConflictCheck.start(loaded)) {
      loaded.pause(size.seconds(10, 3));
      for (int round = 0; round < size.rounds(3, 1); round++) {
        SupervisedNode killed = loaded.cluster().node(2);
        killed.kill();
        loaded.pause(size.seconds(20, 8));
        killed.start();
        killed.awaitReady(READY_LIMIT);
        Partition partition = new Partition(loaded.cluster().network(), last, round % 2 == 1);
        partition.begin();
        loaded.pause(size.seconds(30, 15));
        partition.end();
        loaded.cluster().node(last).awaitReady(READY_LIMIT);
        if (!size.isQuick()) {
          SupervisedNode restarted = loaded.cluster().node(1);
          restarted.stop();
          restarted.start();
          restarted.awaitReady(READY_LIMIT);
          loaded.pause(Duration.ofSeconds(10));
        }
      }
      loaded.pause(size.seconds(20, 5));
      conflicts.finish(report, name());
    }
  }
}
