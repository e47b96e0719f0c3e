package dev.rallypoint.loadtest.benchmark.registrations;

import dev.rallypoint.loadtest.benchmark.registrations.FleetRun.Load;
import dev.rallypoint.loadtest.benchmark.registrations.FleetRun.Outcome;
import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Medians;
import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.benchmark.server.MeasuredServer;
import dev.rallypoint.loadtest.environment.ExternalCommand;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A node with SQLite starts, and all devices that it has stored send their heartbeat at once. */
public final class ReturnBenchmark implements Benchmark {
  private static final int FEW = 100_000;
  private static final int MANY = 1_000_000;
  private static final int QUICK = 2_000;

  /** Devices that send their first heartbeat in a second. */
  private static final int PER_SECOND = 100_000;

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int MOST_RUNS = 3;
  private static final String LAPSED = "rallypoint_peers_lapsed_total";
  private static final double MICROS = 1e6;
  private static final String CHART = "peers that come back to a node that was started";

  @Override
  public String name() {
    return "return";
  }

  @Override
  public String description() {
    return "stored peers come back to a node that was just started, all at once";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("return");
    try {
      List<Row> rows = new ArrayList<>();
      for (int devices : options.isQuick() ? List.of(QUICK) : List.of(FEW, MANY)) {
        Path stored = folder.resolve(devices + ".sqlite3");
        StoredFleet.create(stored, new Fleet(0), devices);
        BenchmarkOptions size =
            new BenchmarkOptions(
                options.isQuick(),
                Math.min(options.runs(), MOST_RUNS),
                options.launcher(),
                options.hbbs(),
                options.hbbr(),
                options.progress());
        rows.addAll(Medians.of(size, () -> measure(options, folder, stored, devices)));
      }
      return rows;
    } finally {
      TemporaryFolder.delete(folder);
    }
  }

  private static List<Row> measure(BenchmarkOptions options, Path folder, Path stored, int devices)
      throws IOException {
    Path data = folder.resolve("node");
    if (!Files.exists(data)) {
      Files.createDirectory(data);
      // A node that finds stored peers makes no key pair by itself.
      ExternalCommand.run(
          options.launcher().toString(), "keys", "generate", "--data", data.toString());
    }
    for (String left : List.of("-wal", "-shm")) {
      Files.deleteIfExists(data.resolve(StoredFleet.FILE + left));
    }
    Files.copy(stored, data.resolve(StoredFleet.FILE), StandardCopyOption.REPLACE_EXISTING);
    try (MeasuredServer node = MeasuredServer.nodeIn(data, options.launcher());
        ManyAddresses socket = new ManyAddresses(node.idServer().getPort())) {
      double before = node.cpuSeconds();
      Outcome outcome =
          FleetRun.run(socket, new Fleet(0), new Load(devices, false, PER_SECOND, devices, LIMIT));
      double cpu = node.cpuSeconds() - before;
      Map<String, Double> counters = NodeCounters.read(node.idServer());
      options.progress().accept("at home in each second: " + outcome.perSecond());
      return rows(devices, outcome, cpu, counters.getOrDefault(LAPSED, -1.0));
    }
  }

  private static List<Row> rows(int devices, Outcome outcome, double cpu, double lapsed) {
    String size = "%,d: ".formatted(devices);
    Row home = Row.of(size + "until all are at home", outcome.seconds(), "s");
    Row rate = Row.of(size + "at home a second, the middle half", outcome.middleRate(), "/s");
    return List.of(
        devices == MANY ? home.atMost(30) : home,
        (devices == MANY ? rate.atLeast(60_000) : rate).inChart(CHART),
        Row.of(size + "not at home", devices - outcome.registered(), "peers").atMost(0),
        Row.of(size + "asked for the key", outcome.keyAsked(), "times").atMost(0),
        Row.of(size + "lapsed", lapsed, "peers").atMost(0),
        Row.of(size + "heartbeats sent again", outcome.repeated(), "times"),
        Row.of(size + "CPU for each", cpu * MICROS / devices, "us"));
  }
}
