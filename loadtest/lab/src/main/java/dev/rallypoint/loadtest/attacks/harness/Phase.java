package dev.rallypoint.loadtest.attacks.harness;

import dev.rallypoint.loadtest.load.Percentiles;

/**
 * What the honest clients and the node showed for some time.
 *
 * @param seconds how long it was measured
 * @param heartbeats the heartbeats of the honest peers; one without an answer for 3 s has failed
 * @param punches the punch hole requests; one that did not find its target has failed
 * @param relays the relayed sessions; one that did not go on to its end has failed
 * @param node what the node used
 */
public record Phase(
    double seconds, Requests heartbeats, Requests punches, Requests relays, NodeUse node) {

  /**
   * The requests of one kind.
   *
   * @param sent how many were sent
   * @param failed how many of them failed
   * @param times how long each other one took
   */
  public record Requests(long sent, long failed, Percentiles times) {
    /** The share that failed, in percent. */
    public double failedPercent() {
      return sent == 0 ? 100 : 100.0 * failed / sent;
    }
  }

  /**
   * What the node used.
   *
   * @param cores its CPU seconds in a second
   * @param rssFirst its resident memory after the first third, or after a minute, in bytes
   * @param rssLast its resident memory at the end, in bytes
   */
  public record NodeUse(double cores, long rssFirst, long rssLast) {}
}
