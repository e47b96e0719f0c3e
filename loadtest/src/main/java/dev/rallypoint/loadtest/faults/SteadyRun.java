package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.crowd.Crowd;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

/** No fault: what steady heartbeats cost the links between nodes. */
final class SteadyRun implements FaultRun {
  private static final int FIRST_ID = 610_000_000;
  private static final Duration SETTLING = Duration.ofSeconds(40);

  /** A cluster message has hundreds of bytes with its headers. */
  private static final long BYTES_A_BEAT = 40;

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
    Usage idle = Usage.during(rig, time, () -> 0);
    Crowd crowd = rig.gather(FIRST_ID, peers, Duration.ofSeconds(15));
    rig.pass(SETTLING);
    Usage steady = Usage.during(rig, time, crowd::sent);

    card.tell(name(), "seconds of each phase", time.toSeconds());
    card.tell(name(), "peers", peers);
    card.tell(name(), "idle: cluster bytes, all links", idle.bytes());
    card.tell(name(), "steady: cluster bytes, all links", steady.bytes());
    card.tell(name(), "steady: heartbeats sent", steady.beats());
    card.tell(name(), "  answered from the lease", format(steady.fromLease()));
    card.tell(
        name(), "  that asked the entity: moved, lapsed, renewal", format(steady.fromEntity()));
    card.must(
        name(),
        "nearly all beats stay at home",
        steady.fromEntity() <= 0.2 * steady.beats() && steady.fromLease() > 0,
        format(100 * steady.fromLease() / Math.max(1, steady.beats())) + " %");
    long more = Math.max(0, steady.bytes() - idle.bytes());
    long renewals = (long) steady.fromEntity();
    card.tell(
        name(), "cluster bytes more than idle, for each beat", more / Math.max(1, steady.beats()));
    card.atMost(
        name(),
        "  without 2 kB for each renewal",
        Math.max(0, more - 2_000 * renewals) / Math.max(1, steady.beats()),
        BYTES_A_BEAT);
  }

  private static String format(double number) {
    return String.format(Locale.ROOT, "%.0f", number);
  }

  /** What a phase used. */
  private record Usage(long bytes, long beats, double fromLease, double fromEntity) {
    private interface Counter {
      long now();
    }

    static Usage during(Rig rig, Duration time, Counter sent) {
      Usage before = now(rig, sent);
      rig.pass(time);
      Usage after = now(rig, sent);
      return new Usage(
          after.bytes - before.bytes,
          after.beats - before.beats,
          after.fromLease - before.fromLease,
          after.fromEntity - before.fromEntity);
    }

    private static Usage now(Rig rig, Counter sent) {
      ClusterNetwork network = rig.cluster().network();
      // Each byte is seen at both ends of its link.
      long bytes =
          IntStream.rangeClosed(1, network.size()).mapToLong(network::clusterBytes).sum() / 2;
      double lease = 0;
      double entity = 0;
      for (int node = 1; node <= network.size(); node++) {
        var samples = Statistics.of(rig.inside(node));
        lease += Statistics.sum(samples, "heartbeats_from_lease");
        entity += Statistics.sum(samples, "heartbeats_from_entity");
      }
      return new Usage(bytes, sent.now(), lease, entity);
    }
  }
}
