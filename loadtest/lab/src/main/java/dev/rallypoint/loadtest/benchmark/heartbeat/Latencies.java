package dev.rallypoint.loadtest.benchmark.heartbeat;

/** Times in steps of a microsecond, up to a tenth of a second. Not safe for several threads. */
final class Latencies {
  private static final int MOST = 100_000;
  private static final int MICRO = 1_000;

  private final long[] counts = new long[MOST + 1];
  private long total;

  void add(long nanos) {
    counts[Math.clamp(nanos / MICRO, 0, MOST)]++;
    total++;
  }

  /** The microseconds that this part of all took at most; NaN when there were none. */
  double micros(double part) {
    long rank = (long) Math.ceil(part * total);
    long seen = 0;
    for (int i = 0; i <= MOST; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return i;
      }
    }
    return Double.NaN;
  }
}
