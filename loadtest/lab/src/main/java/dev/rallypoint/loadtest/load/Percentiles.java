package dev.rallypoint.loadtest.load;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * The percentiles of a set of times.
 *
 * @param sorted the times, the shortest first
 */
public record Percentiles(List<Duration> sorted) {
  /** Stands for something that did not happen in time. */
  public static final Duration NEVER = Duration.ofDays(365);

  /** The percentiles of these times, in any order. */
  public static Percentiles of(Collection<Duration> times) {
    return new Percentiles(times.stream().sorted().toList());
  }

  /** The time that this share of all times does not exceed; {@link #NEVER} without any times. */
  public Duration at(double share) {
    if (sorted.isEmpty()) {
      return NEVER;
    }
    int index = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.clamp(index, 0, sorted.size() - 1));
  }

  /** The longest time; {@link #NEVER} without any times. */
  public Duration longest() {
    return at(1);
  }
}
