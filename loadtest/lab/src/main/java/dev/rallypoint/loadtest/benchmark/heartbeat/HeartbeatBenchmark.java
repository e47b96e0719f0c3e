package dev.rallypoint.loadtest.benchmark.heartbeat;

import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Medians;
import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.benchmark.server.MeasuredServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a heartbeat costs, and how long its answer takes. */
public final class HeartbeatBenchmark implements Benchmark {
  private static final int FEW = 250;
  private static final int MANY = 100_000;
  private static final int SLOW = 20_000;
  private static final int FAST = 150_000;
  private static final int FROM_ENTITY = 5_000;
  private static final int JUNK = 100_000;
  private static final double MEGABYTE = 1e6;
  private static final double MICROS = 1e6;
  private static final String[] UNLIMITED = {
    "new-ids-per-second=1000000", "new-ids-burst=1000000", "new-ids-per-day=1000000"
  };

  @Override
  public String name() {
    return "heartbeats";
  }

  @Override
  public String description() {
    return "heartbeats by UDP, from the lease and through the id's entity";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (int peers : List.of(FEW, options.size(FEW * 2, MANY))) {
      try (MeasuredServer node = MeasuredServer.node(options.launcher(), UNLIMITED)) {
        rows.addAll(run(node, peers, options));
      }
      if (options.hbbs().isPresent()) {
        try (MeasuredServer hbbs = MeasuredServer.hbbs(options.hbbs().get())) {
          rows.addAll(run(hbbs, peers, options));
        }
      }
    }
    return rows;
  }

  private static List<Row> run(MeasuredServer server, int peers, BenchmarkOptions options)
      throws IOException, InterruptedException {
    double seconds = options.size(1, 6);
    try (BeatTraffic traffic = BeatTraffic.register(peers, server.idServer());
        BeatTraffic elsewhere = BeatTraffic.fromElsewhere(peers, server.idServer());
        Junk junk = new Junk(server.idServer())) {
      traffic.flatOut(options.size(1, 5)); // compiles the server's code
      return Medians.of(
          options,
          () -> {
            String of = "%,d peers, ".formatted(peers);
            List<Row> rows = new ArrayList<>();
            Measured flat = measure(server, () -> traffic.flatOut(seconds));
            rows.add(row(of + "flat out", flat.rate(), "1/s").atLeast(200_000).inChart("rate"));
            rows.add(row(of + "flat out: CPU of each", flat.cpuEach(), "us").atMost(4));
            Measured fast = measure(server, () -> traffic.paced(FAST, seconds));
            rows.add(row(of + "150,000/s: lost", fast.lost(), "").atMost(0));
            rows.add(row(of + "150,000/s: CPU of each", fast.cpuEach(), "us").atMost(4));
            Measured slow = measure(server, () -> traffic.paced(SLOW, seconds));
            rows.add(row(of + "20,000/s: lost", slow.lost(), "").atMost(0));
            rows.add(row(of + "20,000/s: CPU of each", slow.cpuEach(), "us").atMost(10));
            rows.add(row(of + "20,000/s: p50", slow.micros(0.5), "us").atMost(100));
            rows.add(row(of + "20,000/s: p99", slow.micros(0.99), "us").atMost(1_000));
            rows.add(row(of + "20,000/s: p99.9", slow.micros(0.999), "us").atMost(5_000));
            Measured asked = measure(server, () -> elsewhere.paced(FROM_ENTITY, seconds));
            rows.add(row(of + "by the entity, 5,000/s: lost", asked.lost(), "").atMost(0));
            rows.add(row(of + "by the entity, 5,000/s: CPU of each", asked.cpuEach(), "us"));
            rows.add(row(of + "by the entity, 5,000/s: p99", asked.micros(0.99), "us"));
            long memory = server.anonymousMemory();
            Measured flooded =
                measure(server, () -> traffic.pacedBeside(junk, JUNK, SLOW, seconds));
            String beside = of + "20,000/s beside 100,000/s of junk: ";
            double lost = 100.0 * flooded.lost() / flooded.result().sent();
            rows.add(row(beside + "lost", lost, "%").atMost(0.1));
            rows.add(row(beside + "p99", flooded.micros(0.99), "us"));
            double more = (server.anonymousMemory() - memory) / MEGABYTE;
            rows.add(row(beside + "more memory", more, "MB"));
            return rows.stream().map(row -> row.by(server.name())).toList();
          });
    }
  }

  private static Row row(String name, double value, String unit) {
    return Row.of(name, value, unit);
  }

  private record Measured(BeatTraffic.Result result, double cpu) {
    double rate() {
      return result.answered() / result.seconds();
    }

    double cpuEach() {
      return cpu * MICROS / result.answered();
    }

    long lost() {
      return result.lost();
    }

    double micros(double part) {
      return result.latencies().micros(part);
    }
  }

  /** A time of traffic. */
  private interface Work {
    BeatTraffic.Result run();
  }

  private static Measured measure(MeasuredServer server, Work work) throws IOException {
    double before = server.cpuSeconds();
    BeatTraffic.Result result = work.run();
    return new Measured(result, server.cpuSeconds() - before);
  }
}
