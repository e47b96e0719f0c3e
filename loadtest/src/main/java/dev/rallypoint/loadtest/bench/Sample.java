package dev.rallypoint.loadtest.bench;

import java.io.IOException;

/**
 * What one run of a row showed. What a row does not measure is 0.
 *
 * @param relayCpu CPU seconds of the relay a GB (10^9 bytes)
 * @param generatorCpu CPU seconds of the generator a GB
 * @param speed GB a second
 * @param p50 microseconds, round trip
 * @param p99 microseconds, round trip
 */
record Sample(double relayCpu, double generatorCpu, double speed, double p50, double p99) {

  /** Work that moves bytes. */
  interface Work {
    /** Does it and says how many bytes were moved. */
    long run() throws IOException;
  }

  static Sample ofRoundTrips(double p50, double p99) {
    return new Sample(0, 0, 0, p50, p99);
  }

  /** Measures work that goes through a contestant. */
  static Sample of(Contestant contestant, Work work) throws IOException {
    double relay = contestant.cpu();
    double own = CpuTime.ofThisProcess();
    long start = System.nanoTime();
    double gigabytes = work.run() / 1e9;
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Sample(
        (contestant.cpu() - relay) / gigabytes,
        (CpuTime.ofThisProcess() - own) / gigabytes,
        gigabytes / seconds,
        0,
        0);
  }
}
