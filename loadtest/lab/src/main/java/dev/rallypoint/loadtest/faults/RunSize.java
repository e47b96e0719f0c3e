package dev.rallypoint.loadtest.faults;

import java.time.Duration;

/**
 * The size of a run.
 *
 * @param isQuick whether the run is small and short, as in CI
 * @param nodes the number of nodes
 * @param peers the number of registered peers; 0 for the default of the run
 * @param rate punch hole requests per second
 * @param rounds the number of rounds; 0 for the default of the run
 */
record RunSize(boolean isQuick, int nodes, int peers, double rate, int rounds) {
  /** The number of registered peers, given the defaults of a run. */
  int peers(int normal, int quick) {
    return peers > 0 ? peers : choose(normal, quick);
  }

  /** The number of rounds, given the defaults of a run. */
  int rounds(int normal, int quick) {
    return rounds > 0 ? rounds : choose(normal, quick);
  }

  int choose(int normal, int quick) {
    return isQuick ? quick : normal;
  }

  Duration seconds(int normal, int quick) {
    return Duration.ofSeconds(choose(normal, quick));
  }

  /**
   * How many requests a figure must be about: half of those that the rate gives in this time.
   *
   * @param share the share of all requests that the figure is about
   */
  long enough(Duration time, double share) {
    return Math.max(1, (long) (rate * share * time.toMillis() / 2_000));
  }
}
