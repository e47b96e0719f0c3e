package dev.rallypoint.loadtest.faults;

import java.time.Duration;

/**
 * How large a run is.
 *
 * @param isQuick small and short, as CI plays it
 * @param nodes of the cluster
 * @param peers that are registered, or 0 for what the run is meant for
 * @param punches asked for in a second
 * @param rounds of a rolling restart, or 0 for what the run is meant for
 */
record Scale(boolean isQuick, int nodes, int peers, double punches, int rounds) {
  /** One of two numbers of peers, when none was asked for. */
  int peers(int whole, int quick) {
    return peers > 0 ? peers : choose(whole, quick);
  }

  int choose(int whole, int quick) {
    return isQuick ? quick : whole;
  }

  /** One of two times, in seconds. */
  Duration seconds(int whole, int quick) {
    return Duration.ofSeconds(choose(whole, quick));
  }
}
