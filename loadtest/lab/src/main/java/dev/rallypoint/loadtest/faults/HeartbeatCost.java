package dev.rallypoint.loadtest.faults;

import java.util.HashMap;
import java.util.Map;

/**
 * The messages between nodes that heartbeats cause, since the start or in some time.
 *
 * @param bytes the bytes between nodes on the cluster port
 * @param heartbeats how many heartbeats the peers sent
 * @param samples the counters of all nodes, added
 */
record HeartbeatCost(long bytes, long heartbeats, Map<String, Double> samples) {
  private static final String HOPS = "rallypoint_hops_total";
  private static final String RENEWALS = HOPS + "{kind=\"renewal\"}";

  /** Some heartbeats may be on their way or lost when the counters are read. */
  private static final double MIN_SHARE = 0.95;

  private static final long HEARTBEATS_PER_MESSAGE = 1_000;

  /** The difference to an earlier measurement. */
  HeartbeatCost since(HeartbeatCost before) {
    Map<String, Double> more = new HashMap<>(samples);
    before.samples.forEach((name, value) -> more.merge(name, -value, Double::sum));
    return new HeartbeatCost(bytes - before.bytes, heartbeats - before.heartbeats, more);
  }

  /** Reports a measurement that was shorter than the five minutes of a lease. */
  void report(RunReport report, String row, int peers) {
    long renewals = counted(RENEWALS);
    report.value(row, "peers", peers);
    boolean areCounted = samples.containsKey(RENEWALS);
    report.check(row, "the nodes count messages by kind", areCounted, areCounted ? "yes" : "no");
    report.atLeast(row, "heartbeats", heartbeats, 1);
    report.atLeast(
        row,
        "  answered from a lease",
        counted("rallypoint_heartbeats_from_lease"),
        Math.max(1, (long) (MIN_SHARE * heartbeats)));
    report.atMost(
        row,
        "  messages between nodes, without lease renewals",
        counted(HOPS) - renewals,
        heartbeats / HEARTBEATS_PER_MESSAGE);
    report.atMost(row, "  lease renewals", renewals, peers);
  }

  private long counted(String name) {
    return Math.round(NodeCounters.sum(samples, name));
  }
}
