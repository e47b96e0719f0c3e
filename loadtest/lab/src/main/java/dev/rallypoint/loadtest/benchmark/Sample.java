package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.environment.CpuTime;
import java.io.IOException;

/**
 * The figures of one run of a workload. Figures that the workload does not measure are 0.
 *
 * @param relayCpu CPU seconds of the relay per GB (10^9 bytes)
 * @param loadCpu CPU seconds of the load generator per GB
 * @param speed GB per second
 * @param p50 the median of the round trips, in microseconds
 * @param p99 the 99th percentile of the round trips, in microseconds
 */
record Sample(double relayCpu, double loadCpu, double speed, double p50, double p99) {

  /** A transfer of bytes. */
  interface Transfer {
    /** Transfers the bytes and returns their number. */
    long run() throws IOException;
  }

  static Sample ofRoundTrips(double p50, double p99) {
    return new Sample(0, 0, 0, p50, p99);
  }

  /** Measures a transfer over a path. */
  static Sample of(TransferPath path, Transfer transfer) throws IOException {
    double relay = path.cpu();
    double own = CpuTime.ofThisProcess();
    long start = System.nanoTime();
    double gigabytes = transfer.run() / 1e9;
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Sample(
        (path.cpu() - relay) / gigabytes,
        (CpuTime.ofThisProcess() - own) / gigabytes,
        gigabytes / seconds,
        0,
        0);
  }
}
