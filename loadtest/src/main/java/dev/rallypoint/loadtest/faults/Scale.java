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

  /**
   * How many punches of a while make a figure about them worth something: half of those that the
   * rate asks for.
   *
   * @param share of all punches that the figure is about
   */
  long enough(Duration time, double share) {
    return Math.max(1, (long) (punches * share * time.toMillis() / 2_000));
  }

  /** One of two times, in seconds. */
  Duration seconds(int whole, int quick) {
    return Duration.ofSeconds(choose(whole, quick));
  }
}
