package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.crowd.Crowd;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** No fault: what steady heartbeats cost the links between nodes. */
final class SteadyRun implements FaultRun {
  private static final int FIRST_ID = 610_000_000;
  private static final Duration SETTLING = Duration.ofSeconds(40);

  @Override
  public String name() {
    return "steady";
  }

  @Override
  public String meaning() {
    return "cluster messages of an idle cluster, and of one with peers that only beat";
  }

  @Override
  public int peers(Scale scale) {
    return 0;
  }

  @Override
  public void play(Rig rig, Scorecard card) throws Exception {
    Duration time = rig.scale().seconds(60, 20);
    int peers = rig.scale().peers(3_000, 2_000);
    rig.pass(rig.scale().seconds(20, 5));
    Usage idle = during(rig, time, () -> 0);
    Crowd crowd = rig.gather(FIRST_ID, peers, Duration.ofSeconds(15));
    rig.pass(SETTLING);
    // On a cluster that is shared with other runs, their peers beat as well.
    LongSupplier sent = () -> crowd.sent() + (rig.registered() > 0 ? rig.crowd().sent() : 0);
    Usage steady = during(rig, time, sent);

    card.tell(name(), "seconds of each phase", time.toSeconds());
    card.tell(name(), "idle: cluster bytes, all links", idle.bytes());
    card.tell(name(), "steady: cluster bytes, all links", steady.bytes());
    steady.show(card, name(), peers + rig.registered());
    long more = Math.max(0, steady.bytes() - idle.bytes());
    card.tell(
        name(), "cluster bytes more than idle, for each beat", more / Math.max(1, steady.beats()));
  }

  private static Usage during(Rig rig, Duration time, LongSupplier sent) {
    Usage before = now(rig, sent);
    rig.pass(time);
    return now(rig, sent).since(before);
  }

  private static Usage now(Rig rig, LongSupplier sent) {
    ClusterNetwork network = rig.cluster().network();
    // Each byte is seen at both ends of its link.
    long bytes =
        IntStream.rangeClosed(1, network.size()).mapToLong(network::clusterBytes).sum() / 2;
    Map<String, Double> samples = new HashMap<>();
    for (int node = 1; node <= network.size(); node++) {
      Statistics.of(rig.inside(node))
          .forEach((name, value) -> samples.merge(name, value, Double::sum));
    }
    return new Usage(bytes, sent.getAsLong(), samples);
  }
}
