package dev.rallypoint.loadtest.benchmark.punch;

import java.util.Arrays;

/**
 * What came of the punches of one run.
 *
 * @param nanos the times of those that were answered, the shortest first
 * @param begun how many were begun
 * @param cpu CPU seconds of the servers meanwhile
 */
record PunchFigures(long[] nanos, int begun, double cpu) {
  PunchFigures {
    Arrays.sort(nanos);
  }

  /** The time in milliseconds that this share does not exceed. */
  double millis(double share) {
    if (nanos.length == 0) {
      return Double.POSITIVE_INFINITY;
    }
    int index = (int) Math.ceil(share * nanos.length) - 1;
    return nanos[Math.clamp(index, 0, nanos.length - 1)] / 1e6;
  }

  /** CPU of each, in microseconds. */
  double cpuEach() {
    return cpu * 1e6 / Math.max(1, nanos.length);
  }

  int unanswered() {
    return begun - nanos.length;
  }
}
