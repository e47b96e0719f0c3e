package dev.rallypoint.loadtest.gatling.capacity;

import java.util.OptionalLong;

/**
 * The search for the highest rate that holds. It doubles the rate until one fails, or halves it
 * until one holds, and then bisects by the geometric mean. A rate fails when as many runs in a row
 * fail as the range says: one alone may be another program's doing.
 *
 * @param range where it looks
 * @param held the highest rate that held; 0 for none yet
 * @param failed the lowest rate that failed; 0 for none yet
 * @param failures how often the next rate has failed already
 */
record Search(Range range, long held, long failed, int failures) {
  private static final int FACTOR = 2;

  /**
   * Where a search looks and how closely.
   *
   * @param first the rate to begin with
   * @param most no higher rate is tried
   * @param precision how far apart the highest rate that held and the lowest that failed may be at
   *     the end, as a share of the former
   * @param tries how many runs in a row must fail
   */
  record Range(long first, long most, double precision, int tries) {
    Range {
      if (first < 1 || most < first || !(precision > 0) || tries < 1) {
        throw new IllegalArgumentException(
            "from %d up to %d, to %s of it, %d tries".formatted(first, most, precision, tries));
      }
    }
  }

  /** A search that has not begun. */
  static Search in(Range range) {
    return new Search(range, 0, 0, 0);
  }

  /** The rate to run next; empty at the end. */
  OptionalLong next() {
    if (failed == 0) {
      return held == 0
          ? OptionalLong.of(range.first())
          : held >= range.most()
              ? OptionalLong.empty()
              : OptionalLong.of(Math.min(held * FACTOR, range.most()));
    }
    if (held == 0) {
      return failed == 1 ? OptionalLong.empty() : OptionalLong.of(failed / FACTOR);
    }
    long middle = Math.round(Math.sqrt((double) held * failed));
    boolean isCloseEnough = failed <= held * (1 + range.precision());
    return isCloseEnough || middle <= held || middle >= failed
        ? OptionalLong.empty()
        : OptionalLong.of(middle);
  }

  /** What is known after a run of the rate that {@link #next} gave. */
  Search ran(boolean hasHeld) {
    long rate = next().orElseThrow();
    if (hasHeld) {
      return new Search(range, rate, failed, 0);
    }
    return failures + 1 < range.tries()
        ? new Search(range, held, failed, failures + 1)
        : new Search(range, held, rate, 0);
  }
}
