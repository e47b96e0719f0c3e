package dev.rallypoint.bootstrap;

import java.time.Duration;

/**
 * How patient a newcomer is.
 *
 * @param beat how often a member says in the database that it is there
 * @param stale after so long without that a member may be gone
 * @param silence how long such a member may leave questions unanswered before it is gone
 * @param giveUp how long a newcomer tries to reach a member that is there, or the seed nodes
 * @param join how long a cluster may take to take a newcomer in
 */
record JoinTimeouts(
    Duration beat, Duration stale, Duration silence, Duration giveUp, Duration join) {
  static final JoinTimeouts USUAL =
      new JoinTimeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(8),
          Duration.ofSeconds(45),
          Duration.ofSeconds(60));
}
