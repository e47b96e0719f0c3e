package dev.rallypoint.loadtest.benchmark.punch;

import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Medians;
import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.benchmark.server.LoopbackCluster;
import java.io.IOException;
import java.util.List;

/** What a heartbeat costs a cluster of three nodes, against one node. */
public final class NodesBenchmark implements Benchmark {
  @Override
  public String name() {
    return "nodes";
  }

  @Override
  public String description() {
    return "heartbeats for each CPU second of three nodes, against one node";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    int rate = options.size(1_000, 20_000);
    try (LoopbackCluster one = LoopbackCluster.start(options.launcher(), 1);
        LoopbackCluster three = LoopbackCluster.start(options.launcher(), 3)) {
      return Medians.of(
          options,
          () -> {
            double alone = beats(one, rate, options);
            double together = beats(three, rate, options);
            return List.of(
                Row.of("one node, beats of a CPU second", alone, "1/s"),
                Row.of("three nodes, beats of a CPU second", together, "1/s"),
                Row.of("three nodes to one", together / alone, "times").atLeast(0.9));
          });
    }
  }

  private static double beats(LoopbackCluster cluster, int rate, BenchmarkOptions options)
      throws IOException {
    return PacedBeats.perCpuSecond(
        cluster.idServers(),
        cluster.key(),
        options.size(100, 1_000),
        rate,
        options.size(1, 8),
        cluster::cpuSeconds);
  }
}
