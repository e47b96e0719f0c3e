package dev.rallypoint.loadtest.benchmark.punch;

import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Medians;
import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.benchmark.server.LoopbackCluster;
import dev.rallypoint.loadtest.benchmark.server.MeasuredServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Punch requests on one node, and from one node to another. */
public final class PunchBenchmark implements Benchmark {
  /** Each gets at most 2 punches a second: a node passes on 4 to a peer. */
  private static final int TARGETS = 1_000;

  private static final int SECONDS = 5;
  private static final List<Integer> RATES = List.of(1_000, 2_000);
  private static final double OWN_GOAL = 2;
  private static final double ACROSS_GOAL = 5;
  private static final String TIMES = "punch times";

  @Override
  public String name() {
    return "punches";
  }

  @Override
  public String description() {
    return "punch requests on one node, and from one node to another";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>(sameNode(options));
    rows.addAll(otherNode(options));
    return rows;
  }

  private static List<Row> sameNode(BenchmarkOptions options)
      throws IOException, InterruptedException {
    List<MeasuredServer> servers = new ArrayList<>();
    List<PunchTraffic> traffic = new ArrayList<>();
    try {
      servers.add(MeasuredServer.node(options.launcher()));
      if (options.hbbs().isPresent()) {
        servers.add(MeasuredServer.hbbs(options.hbbs().get()));
      }
      for (MeasuredServer server : servers) {
        traffic.add(PunchTraffic.register(0, TARGETS, server.idServer(), server.key()));
      }
      return Medians.of(
          options,
          () -> {
            List<Row> rows = new ArrayList<>();
            for (int rate : RATES) {
              for (int i = 0; i < servers.size(); i++) {
                MeasuredServer server = servers.get(i);
                PunchFigures figures =
                    traffic
                        .get(i)
                        .run(server.idServer(), rate, options.size(1, SECONDS), server::cpuSeconds);
                rows(figures, "same node", rate, OWN_GOAL)
                    .forEach(row -> rows.add(row.by(server.name())));
              }
            }
            return rows;
          });
    } finally {
      traffic.forEach(PunchTraffic::close);
      servers.forEach(MeasuredServer::close);
    }
  }

  private static List<Row> otherNode(BenchmarkOptions options)
      throws IOException, InterruptedException {
    try (LoopbackCluster cluster = LoopbackCluster.start(options.launcher(), 2);
        PunchTraffic traffic =
            PunchTraffic.register(0, TARGETS, cluster.idServers().get(1), cluster.key())) {
      InetSocketAddress asked = cluster.idServers().getFirst();
      return Medians.of(
          options,
          () -> {
            List<Row> rows = new ArrayList<>();
            int seconds = options.size(1, SECONDS);
            long before = cluster.transactions();
            TimeUnit.SECONDS.sleep(seconds);
            long idle = cluster.transactions() - before;
            for (int rate : RATES) {
              before = cluster.transactions();
              PunchFigures figures = traffic.run(asked, rate, seconds, cluster::cpuSeconds);
              long busy = cluster.transactions() - before;
              rows.addAll(rows(figures, "other node", rate, ACROSS_GOAL));
              if (rate == RATES.getFirst()) {
                rows.add(
                    Row.of(
                            "other node, transactions of each",
                            (double) Math.max(0, busy - idle) / figures.begun(),
                            "")
                        .atMost(0.01));
              }
            }
            return rows;
          });
    }
  }

  private static List<Row> rows(PunchFigures figures, String where, int rate, double goal) {
    String name = "%s, %,d/s: ".formatted(where, rate);
    Row p99 = Row.of(name + "p99", figures.millis(0.99), "ms").inChart(TIMES);
    return List.of(
        Row.of(name + "p50", figures.millis(0.5), "ms").inChart(TIMES),
        rate == RATES.getFirst() ? p99.atMost(goal) : p99,
        Row.of(name + "unanswered", figures.unanswered(), "").atMost(0),
        Row.of(name + "CPU of each", figures.cpuEach(), "us").inChart("CPU of a punch"));
  }
}
