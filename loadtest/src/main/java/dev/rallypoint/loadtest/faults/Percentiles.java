package dev.rallypoint.loadtest.faults;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * The percentiles of a set of times.
 *
 * @param sorted the times, the shortest first
 */
record Percentiles(List<Duration> sorted) {
  /** Stands for something that did not happen in time. */
  static final Duration NEVER = Duration.ofDays(365);

  static Percentiles of(Collection<Duration> times) {
    return new Percentiles(times.stream().sorted().toList());
  }

  /** The time that this share of all times does not exceed; {@link #NEVER} without any times. */
  Duration at(double share) {
    if (sorted.isEmpty()) {
      return NEVER;
    }
    int index = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.clamp(index, 0, sorted.size() - 1));
  }

  Duration longest() {
    return at(1);
  }
}
