package dev.rallypoint.loadtest.benchmark.registrations;

import dev.rallypoint.loadtest.benchmark.registrations.FleetRun.Load;
import dev.rallypoint.loadtest.benchmark.registrations.FleetRun.Outcome;
import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Medians;
import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.benchmark.server.MeasuredServer;
import dev.rallypoint.loadtest.cluster.PostgresServer;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** New ids register by RegisterPk, each from an address of its own, with ever more under way. */
public final class NewIdsBenchmark implements Benchmark {
  private static final int MOST_RUNS = 3;

  /** The registrations under way at which the rate is at its peak. */
  private static final int AT_PEAK = 1_024;

  private static final List<Integer> TIMES = List.of(1, 4, 16);
  private static final int DEVICES = 1_000_000;
  private static final int AT_ONCE = 1_000_000;
  private static final String CHART = "new ids stored a second";

  @Override
  public String name() {
    return "new-ids";
  }

  @Override
  public String description() {
    return "new ids that are stored in a second, at 1, 4 and 16 times the load of the peak";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    BenchmarkOptions some =
        new BenchmarkOptions(
            options.isQuick(),
            Math.min(options.runs(), MOST_RUNS),
            options.launcher(),
            options.hbbs(),
            options.hbbr(),
            options.progress());
    return Medians.of(some, () -> measure(options));
  }

  private static List<Row> measure(BenchmarkOptions options)
      throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    Path folder = TemporaryFolder.create("new-ids");
    try {
      Path data = Files.createDirectory(folder.resolve("sqlite"));
      long acknowledged = measure(options, data, "SQLite", 12_000, List.of(), rows);
      long stored = StoredFleet.count("jdbc:sqlite:" + data.resolve(StoredFleet.FILE));
      rows.add(missing("SQLite", acknowledged, stored));
      Path shared = Files.createDirectory(folder.resolve("shared"));
      try (PostgresServer postgres = PostgresServer.installOnLoopback(FreePorts.one(), folder)) {
        postgres.start();
        acknowledged =
            measure(
                options, shared, "PostgreSQL", 8_000, List.of("db-url=" + postgres.url()), rows);
        rows.add(missing("PostgreSQL", acknowledged, StoredFleet.count(postgres.jdbcUrl())));
      }
    } finally {
      TemporaryFolder.delete(folder);
    }
    if (options.hbbs().isPresent()) {
      try (MeasuredServer hbbs = MeasuredServer.hbbs(options.hbbs().get())) {
        measure(options, hbbs, "SQLite", rows);
      }
    }
    return rows;
  }

  private static Row missing(String database, long acknowledged, long stored) {
    return Row.of(
            database + ": acknowledged and not stored", Math.max(0, acknowledged - stored), "ids")
        .atMost(0);
  }

  /** Adds the rows of one database; returns how many ids were acknowledged. */
  private static long measure(
      BenchmarkOptions options,
      Path data,
      String database,
      int goal,
      List<String> more,
      List<Row> rows)
      throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "new-ids-per-second=1000000",
                "new-ids-burst=1000000",
                "new-ids-per-day=100000000"));
    settings.addAll(more);
    try (MeasuredServer node =
        MeasuredServer.nodeIn(data, options.launcher(), settings.toArray(String[]::new))) {
      long all = measure(options, node, database, rows);
      int peak = rows.size() - TIMES.size();
      Row atPeak = rows.get(peak).atLeast(goal);
      rows.set(peak, atPeak);
      double most = rows.get(rows.size() - 1).value();
      rows.add(
          Row.of(
                  database + ": rate at 16 times the load, of that at the peak",
                  most / atPeak.value(),
                  "times")
              .atLeast(0.8));
      return all;
    }
  }

  private static long measure(
      BenchmarkOptions options, MeasuredServer server, String database, List<Row> rows)
      throws IOException {
    Duration time = Duration.ofSeconds(options.size(1, 10));
    long all = 0;
    try (ManyAddresses socket = new ManyAddresses(server.idServer().getPort())) {
      int first = 0;
      all += run(socket, first, AT_PEAK, time).registered(); // the compiler's time
      for (int times : TIMES) {
        first += DEVICES;
        int underWay = AT_PEAK * times;
        Outcome outcome = run(socket, first, underWay, time);
        all += outcome.registered();
        rows.add(
            Row.of(
                    "%s: %,d under way".formatted(database, underWay),
                    outcome.registered() / outcome.seconds(),
                    "/s")
                .by(server.name())
                .inChart(CHART));
      }
    }
    return all;
  }

  private static Outcome run(ManyAddresses socket, int first, int underWay, Duration time) {
    return FleetRun.run(socket, new Fleet(first), new Load(DEVICES, true, AT_ONCE, underWay, time));
  }
}
