package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.load.PeerGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** No fault: measures the messages between nodes that steady heartbeats cause. */
final class SteadyHeartbeatsRun extends FaultRun {
  private static final int FIRST_ID = 610_000_000;
  private static final Duration REGISTRATION_TIME = Duration.ofSeconds(40);

  SteadyHeartbeatsRun() {
    super(
        "steady",
        "messages between nodes without peers, and with peers that send heartbeats",
        0,
        0);
  }

  /** None: the idle cluster is measured first. */
  @Override
  int peers(RunSize size) {
    return 0;
  }

  @Override
  void run(LoadedCluster loaded, RunReport report) throws Exception {
    Duration time = loaded.size().seconds(60, 20);
    int peers = loaded.size().peers(3_000, 2_000);
    loaded.pause(loaded.size().seconds(20, 5));
    HeartbeatCost idle = measure(loaded, time, () -> 0);
    PeerGroup group = loaded.addPeers(FIRST_ID, peers, Duration.ofSeconds(15));
    loaded.pause(REGISTRATION_TIME);
    // In a combined run, the peers of the other runs send heartbeats too.
    LongSupplier sent =
        () ->
            group.counts().sent() + (loaded.registered() > 0 ? loaded.group().counts().sent() : 0);
    HeartbeatCost steady = measure(loaded, time, sent);

    report.value(name(), "seconds of each measurement", time.toSeconds());
    report.value(name(), "without peers: bytes on all links between nodes", idle.bytes());
    report.value(name(), "with peers: bytes on all links between nodes", steady.bytes());
    steady.report(report, name(), peers + loaded.registered());
    long more = Math.max(0, steady.bytes() - idle.bytes());
    report.value(name(), "additional bytes per heartbeat", more / Math.max(1, steady.heartbeats()));
  }

  private static HeartbeatCost measure(LoadedCluster loaded, Duration time, LongSupplier sent) {
    HeartbeatCost before = now(loaded, sent);
    loaded.pause(time);
    return now(loaded, sent).since(before);
  }

  private static HeartbeatCost now(LoadedCluster loaded, LongSupplier sent) {
    ClusterNetwork network = loaded.cluster().network();
    // Each byte is counted at both ends of its link.
    long bytes =
        IntStream.rangeClosed(1, network.size()).mapToLong(network::clusterBytes).sum() / 2;
    Map<String, Double> samples = new HashMap<>();
    for (int node = 1; node <= network.size(); node++) {
      NodeCounters.of(loaded.threadsAt(node))
          .forEach((name, value) -> samples.merge(name, value, Double::sum));
    }
    return new HeartbeatCost(bytes, sent.getAsLong(), samples);
  }
}
