package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.cli.CommandErrors;
import dev.rallypoint.loadtest.cli.CsvOption;
import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench-relay}: measures all workloads over all data paths, in turns. */
@Command(
    name = "bench-relay",
    sortOptions = false,
    header = "Measures the relay, HAProxy and a direct connection with the same traffic.",
    description = {
      "Runs all ways one after the other, several times, and prints medians, ratios and goals.",
      "The exit code does not depend on the goals. Needs Linux. See docs/benchmark.md."
    })
public final class RelayBenchmarkCommand implements Callable<Integer> {
  private static final long GIB = 1L << 30;
  private static final List<String> WAYS =
      List.of("ours-splice", "haproxy-splice", "ours-copy", "haproxy-copy", "direct", "two-nodes");

  /** The first run, which does not count, is longer: the JVM of a node compiles for about 10 s. */
  private static final int WARM_UP = 2;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Option(
      names = "--haproxy",
      paramLabel = "PATH",
      defaultValue = "/usr/sbin/haproxy",
      description = "The HAProxy program; not measured when missing. Default: ${DEFAULT-VALUE}")
  private Path haproxy = Path.of("");

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Runs that count; one more before them does not. Default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(
      names = "--gib",
      paramLabel = "N",
      defaultValue = "16",
      description = "GiB of a bulk run; in short runs the JVM still compiles. Default: 16")
  private int gib;

  @Option(names = "--quick", description = "Small sizes, to see that it works; ignore the figures.")
  private boolean isQuick;

  @Option(
      names = "--rows",
      paramLabel = "NAME",
      split = ",",
      description = "Only these of bulk-1, bulk-50, paced, ping, ping-paced, idle.")
  private List<String> rows = Arrays.stream(Workload.values()).map(Workload::label).toList();

  @Option(
      names = "--ways",
      paramLabel = "NAME",
      split = ",",
      description =
          "Only these of ours-splice, haproxy-splice, ours-copy, haproxy-copy, direct, two-nodes.")
  private List<String> ways = WAYS;

  @Mixin private CsvOption csv = new CsvOption();

  @Option(
      names = "--nodes",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "The relays of two running nodes of one cluster, for the way two-nodes.")
  private List<String> nodes = List.of();

  @Option(
      names = "--pids",
      paramLabel = "PID",
      split = ",",
      description = "The process ids of these nodes.")
  private List<Long> pids = List.of();

  @Option(names = "--key", paramLabel = "KEY", description = "The access key of these nodes.")
  private String key = "";

  @Option(
      names = "--hold",
      paramLabel = "SECONDS",
      description = "Prints the process ids and waits before the first row, for a profiler.")
  private int hold;

  private final PrintStream out;

  /**
   * @param out gets the figures
   */
  public RelayBenchmarkCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    measure().print(out);
    return 0;
  }

  /** Measures, and leaves the printing of the medians to the caller. */
  BenchmarkReport measure() throws IOException, InterruptedException {
    List<Workload> workloads = rows.stream().map(this::workload).toList();
    for (String way : ways) {
      if (!WAYS.contains(way)) {
        throw CommandErrors.wrongOption(spec, "no way " + way + ": must be of " + WAYS);
      }
    }
    Path folder = TemporaryFolder.create("bench-relay");
    List<TransferPath> paths = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    lines.add("row,way,run,relay_cpu_s_per_gb,load_cpu_s_per_gb,gb_per_s,p50_us,p99_us");
    BenchmarkReport report = new BenchmarkReport();
    ExitCleanup cleanup = ExitCleanup.register(() -> paths.forEach(TransferPath::close));
    try {
      open(paths, folder);
      for (TransferPath path : paths) {
        out.printf("%s: pid %d%n", path.name(), path.pid());
      }
      Thread.sleep(hold * 1000L);
      for (Workload workload : workloads) {
        out.printf("%s: %s%n", workload.label(), workload.description());
        if (workload == Workload.IDLE) {
          measureIdle(paths, report);
        } else {
          measure(workload, paths, report, lines);
        }
      }
    } finally {
      cleanup.run();
    }
    csv.write(lines);
    TemporaryFolder.delete(folder);
    return report;
  }

  private Workload workload(String label) {
    return Workload.of(label).orElseThrow(() -> CommandErrors.wrongOption(spec, "no row " + label));
  }

  private void open(List<TransferPath> paths, Path folder) throws IOException {
    if (ways.contains("ours-splice")) {
      paths.add(NodePath.start(launcher.path(), folder, true));
    }
    if (ways.contains("haproxy-splice") && Files.isExecutable(haproxy)) {
      paths.add(HaproxyPath.start(haproxy, folder, true));
    }
    if (ways.contains("ours-copy")) {
      paths.add(NodePath.start(launcher.path(), folder, false));
    }
    if (ways.contains("haproxy-copy") && Files.isExecutable(haproxy)) {
      paths.add(HaproxyPath.start(haproxy, folder, false));
    }
    if (ways.contains("two-nodes") && !nodes.isEmpty()) {
      paths.add(twoNodes());
    }
    if (ways.contains("direct")) {
      paths.add(DirectPath.open());
    }
  }

  private TransferPath twoNodes() {
    try {
      return TwoNodePath.of(nodes, pids, key);
    } catch (IllegalArgumentException e) {
      throw CommandErrors.wrongOption(spec, String.valueOf(e.getMessage()));
    }
  }

  private void measure(
      Workload workload, List<TransferPath> paths, BenchmarkReport report, List<String> lines)
      throws IOException {
    for (int run = 0; run <= runs; run++) {
      for (TransferPath path : paths) {
        Sample sample = measure(workload, path, run == 0 ? WARM_UP : 1);
        out.printf(
            Locale.ROOT,
            "  %-14s %.3f relay CPU s/GB, %.3f load CPU s/GB, %.2f GB/s, p50 %.1f p99 %.1f us%s%n",
            path.name(),
            sample.relayCpu(),
            sample.loadCpu(),
            sample.speed(),
            sample.p50(),
            sample.p99(),
            run == 0 ? " (warm-up)" : "");
        if (run > 0) {
          report.add(workload, path.name(), sample);
          lines.add(
              String.format(
                  Locale.ROOT,
                  "%s,%s,%d,%.4f,%.4f,%.4f,%.2f,%.2f",
                  workload.label(),
                  path.name(),
                  run,
                  sample.relayCpu(),
                  sample.loadCpu(),
                  sample.speed(),
                  sample.p50(),
                  sample.p99()));
        }
      }
    }
  }

  private Sample measure(Workload workload, TransferPath path, int times) throws IOException {
    return switch (workload) {
      case BULK_1 -> BulkTransfer.run(path, 1, times * bulkBytes());
      case BULK_50 -> BulkTransfer.run(path, 50, times * bulkBytes());
      case PACED -> PacedTransfer.run(path, isQuick ? 1 : 4);
      case PING -> RoundTrips.withoutTraffic(path, isQuick ? 2_000 : 20_000);
      case PING_PACED -> RoundTrips.duringPacedTransfer(path, isQuick ? 1 : 4);
      case IDLE -> throw new IllegalArgumentException("idle sessions give no sample");
    };
  }

  private long bulkBytes() {
    return isQuick ? GIB / 4 : gib * GIB;
  }

  private void measureIdle(List<TransferPath> paths, BenchmarkReport report) throws IOException {
    for (TransferPath path : paths) {
      if (path instanceof NodePath) {
        report.add(IdleSessions.measure(path, isQuick ? 500 : 20_000));
      }
    }
  }
}
