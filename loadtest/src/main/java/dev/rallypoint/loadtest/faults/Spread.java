package dev.rallypoint.loadtest.faults;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Times in order, to be asked for percentiles. */
record Spread(List<Duration> sorted) {
  /** Stands for a time that never came. */
  static final Duration NEVER = Duration.ofDays(365);

  static Spread of(Collection<Duration> times) {
    return new Spread(times.stream().sorted().toList());
  }

  /** The time that this share of all did not exceed; never, when there is none. */
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
