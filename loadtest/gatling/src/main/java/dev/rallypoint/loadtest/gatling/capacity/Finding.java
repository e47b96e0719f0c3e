package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.capacity.RateLimits.Verdict;
import java.util.Optional;

/**
 * What has been found of one load on one server.
 *
 * @param server the name of the server
 * @param load the load
 * @param best the highest rate that held
 * @param failed the lowest rate that failed
 * @param skipped why nothing was measured; empty when it was
 */
record Finding(
    String server, Load load, Optional<Rate> best, Optional<Rate> failed, String skipped) {
  /**
   * A rate that was run.
   *
   * @param rate in the unit of the load
   * @param run what it has shown
   * @param verdict how it was judged
   */
  record Rate(long rate, Measured run, Verdict verdict) {}

  /** Nothing was measured. */
  static Finding skipped(String server, Load load, String why) {
    return new Finding(server, load, Optional.empty(), Optional.empty(), why);
  }
}
