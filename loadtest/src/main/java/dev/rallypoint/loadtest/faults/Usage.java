package dev.rallypoint.loadtest.faults;

import java.util.HashMap;
import java.util.Map;

/**
 * What heartbeats cost the nodes so far, or in a while.
 *
 * @param bytes between the nodes, on the cluster's port
 * @param beats that peers sent
 * @param samples of all nodes' own counters, added up
 */
record Usage(long bytes, long beats, Map<String, Double> samples) {
  private static final String HOPS = "rallypoint_hops_total";
  private static final String RENEWALS = HOPS + "{kind=\"renewal\"}";

  /** The beats that may be under way, or lost, when the counters are read. */
  private static final double NEARLY = 0.95;

  private static final long BEATS_FOR_ONE_HOP = 1_000;

  /** What came to it since an earlier look. */
  Usage since(Usage before) {
    Map<String, Double> more = new HashMap<>(samples);
    before.samples.forEach((name, value) -> more.merge(name, -value, Double::sum));
    return new Usage(bytes - before.bytes, beats - before.beats, more);
  }

  /** Puts down a while, shorter than a lease's five minutes, in which so many peers only beat. */
  void show(Scorecard card, String row, int peers) {
    long renewals = counted(RENEWALS);
    card.tell(row, "peers", peers);
    boolean areCounted = samples.containsKey(RENEWALS);
    card.must(row, "the nodes count their messages by kind", areCounted, areCounted ? "yes" : "no");
    card.atLeast(row, "steady: heartbeats", beats, 1);
    card.atLeast(
        row,
        "  answered from the lease",
        counted("rallypoint_heartbeats_from_lease"),
        Math.max(1, (long) (NEARLY * beats)));
    card.atMost(
        row,
        "  messages between nodes for them, but for renewals",
        counted(HOPS) - renewals,
        beats / BEATS_FOR_ONE_HOP);
    card.atMost(row, "  renewals of leases, beside the heartbeats", renewals, peers);
  }

  private long counted(String words) {
    return Math.round(Statistics.sum(samples, words));
  }
}
