package dev.rallypoint.loadtest.attacks.harness;

import dev.rallypoint.loadtest.load.Percentiles;

/**
 * What the honest clients and the node showed for some time.
 *
 * @param seconds how long it was measured
 * @param heartbeats how many heartbeats the honest peers sent
 * @param lost how many of them had no answer after 3 s
 * @param heartbeatTimes from a heartbeat to its answer
 * @param punches how many punch hole requests the honest requesters sent
 * @param failed how many of them did not find their target
 * @param punchTimes from a request to its answer, of those that found it
 * @param relays how many relayed sessions were opened
 * @param relaysFailed how many of them did not go on to their end
 * @param cores the CPU seconds that the node used in a second
 * @param rssFirst the resident memory of the node after the first third, or after a minute, in
 *     bytes
 * @param rssLast the resident memory of the node at the end, in bytes
 */
public record Phase(
    double seconds,
    long heartbeats,
    long lost,
    Percentiles heartbeatTimes,
    long punches,
    long failed,
    Percentiles punchTimes,
    long relays,
    long relaysFailed,
    double cores,
    long rssFirst,
    long rssLast) {

  /** The share of the heartbeats that were lost, in percent. */
  public double lostPercent() {
    return heartbeats == 0 ? 100 : 100.0 * lost / heartbeats;
  }
}
