package dev.rallypoint.bootstrap;

import java.time.Duration;

/**
 * The times of a node that joins a cluster.
 *
 * @param heartbeat how often a member updates its row in the database
 * @param stale the age at which a row no longer counts as alive
 * @param silence how long a node without a recent heartbeat may leave questions unanswered before
 *     it counts as gone
 * @param giveUp how long to try to reach a node that is alive, or the seed nodes
 * @param join how long a cluster may take to accept this node
 */
record JoinTimeouts(
    Duration heartbeat, Duration stale, Duration silence, Duration giveUp, Duration join) {
  /** The times outside tests. */
  static final JoinTimeouts USUAL =
      new JoinTimeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(8),
          Duration.ofSeconds(45),
          Duration.ofSeconds(60));
}
