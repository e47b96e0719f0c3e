package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.load.Percentiles;
import dev.rallypoint.loadtest.load.PunchLoad;
import dev.rallypoint.loadtest.load.RecoveryProbe;
import dev.rallypoint.loadtest.load.RegisteredPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** R1: one node is killed, and later started again. */
final class NodeKillRun extends FaultRun {
  private static final int KILLED = 2;
  private static final int MAX_PROBED = 60;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration GOAL = Duration.ofSeconds(22);

  NodeKillRun() {
    super("R1", "node 2 is killed by SIGKILL and later started again", 3_000, 200);
  }

  @Override
  void run(LoadedCluster loaded, RunReport report) throws Exception {
    // On a busy machine a late answer may have come from another node: after one round of
    // heartbeats
    // the home of each peer is known for sure.
    long begun = System.nanoTime();
    loaded.await(
        LIMIT, () -> loaded.group().acknowledgedSince(begun) == loaded.group().peers().size());
    List<RegisteredPeer> affected = loaded.group().homedAt(KILLED);
    List<RegisteredPeer> others =
        loaded.group().peers().stream().filter(peer -> peer.home() != KILLED).toList();
    long begunLoad = System.nanoTime();
    try (PunchLoad load = loaded.startPunchLoad(() -> others)) {
      run(loaded, report, affected, load, begunLoad);
    }
  }

  private void run(
      LoadedCluster loaded,
      RunReport report,
      List<RegisteredPeer> affected,
      PunchLoad load,
      long begunLoad)
      throws Exception {
    loaded.pause(loaded.size().seconds(15, 4));

    long killed = System.nanoTime();
    loaded.cluster().node(KILLED).kill();
    List<RegisteredPeer> probed = affected.subList(0, Math.min(MAX_PROBED, affected.size()));
    List<Duration> found = new ArrayList<>();
    for (Optional<Duration> time :
        RecoveryProbe.untilFound(loaded.requester(), probed, killed, LIMIT, loaded.threads())) {
      found.add(time.orElse(Percentiles.NEVER));
    }
    loaded.await(
        LIMIT, () -> affected.stream().allMatch(peer -> peer.acknowledgedAt() - killed > 0));
    loaded.pause(loaded.size().seconds(15, 2));
    long started = System.nanoTime();
    loaded.cluster().node(KILLED).start();
    boolean isBack = loaded.cluster().node(KILLED).awaitReady(LIMIT);
    Duration joining = isBack ? Duration.ofNanos(System.nanoTime() - started) : Percentiles.NEVER;
    long ended = System.nanoTime();
    PunchStatistics all = new PunchStatistics(load.finish());

    Percentiles back = Percentiles.of(found);
    report.value(name(), "peers of the killed node that are probed", found.size());
    report.value(name(), "time until found again, p50", RunReport.seconds(back.at(0.5)));
    report.atMost(name(), "time until found again, p99", back.at(0.99), GOAL);
    report.value(name(), "time until found again, longest", RunReport.seconds(back.longest()));
    PunchStatistics before =
        all.where(punch -> punch.begun() - killed < 0).where(punch -> punch.node() != KILLED);
    // A peer that has registered at the started node since belongs to that node.
    PunchStatistics after =
        all.since(killed)
            .where(punch -> punch.node() != KILLED)
            .where(punch -> punch.home() != KILLED);
    PunchStatistics atKilled = all.where(punch -> punch.node() == KILLED);
    double share = 1 - 1.0 / loaded.nodes().size();
    long enough = loaded.size().enough(Duration.ofNanos(killed - begunLoad), share);
    report.atLeast(name(), "requests for peers of other nodes before", before.size(), enough);
    report.atMost(name(), "  failed", before.failed(), 0);
    long enoughSince = loaded.size().enough(Duration.ofNanos(ended - killed), share);
    report.atLeast(name(), "requests for peers of other nodes since", after.size(), enoughSince);
    report.atMost(name(), "  failed", after.failed(), 0);
    report.value(name(), "  outcomes of the failed ones", after.failures());
    after.details(killed, 5).forEach(text -> report.value(name(), "    " + text, ""));
    report.value(name(), "  longest time of a successful one", RunReport.seconds(after.slowest()));
    report.check(name(), "the node is ready again after", isBack, RunReport.seconds(joining));
    report.value(name(), "failed requests at the killed node", atKilled.failures());
  }
}
