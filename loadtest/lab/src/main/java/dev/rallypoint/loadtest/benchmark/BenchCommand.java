package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.benchmark.api.ApiBenchmark;
import dev.rallypoint.loadtest.benchmark.heartbeat.HeartbeatBenchmark;
import dev.rallypoint.loadtest.benchmark.memory.MemoryBenchmark;
import dev.rallypoint.loadtest.benchmark.punch.NodesBenchmark;
import dev.rallypoint.loadtest.benchmark.punch.PunchBenchmark;
import dev.rallypoint.loadtest.benchmark.registrations.NewIdsBenchmark;
import dev.rallypoint.loadtest.benchmark.registrations.ReturnBenchmark;
import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Machine;
import dev.rallypoint.loadtest.benchmark.report.Report;
import dev.rallypoint.loadtest.benchmark.start.StartBenchmark;
import dev.rallypoint.loadtest.cli.CommandErrors;
import dev.rallypoint.loadtest.cli.CsvOption;
import dev.rallypoint.loadtest.cli.LauncherOption;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code bench}: runs all benchmarks or those that are named, and prints tables. */
@Command(
    name = "bench",
    sortOptions = false,
    header = "Measures a node: all benchmarks, or those that are named.",
    description = {
      "Each starts the packaged node in a temporary folder and on free ports of the loopback",
      "interface, and RustDesk's own servers where they are given. The figures are medians of the",
      "runs that count. The exit code does not depend on the goals; it is 1 when a benchmark could",
      "not be carried out. Needs Linux. See docs/benchmark.md."
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int QUICK_RUNS = 1;
  private static final int RUNS = 5;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "The benchmarks to run, of those that --list shows. Default: all")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Lists the benchmarks and runs none.")
  private boolean isList;

  @Option(names = "--quick", description = "Small sizes, to see that it works; ignore the figures.")
  private boolean isQuick;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs that count; one more before them does not. Default: 5, with --quick 1")
  private @Nullable Integer runs;

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Option(
      names = "--hbbs",
      paramLabel = "FILE",
      description = "RustDesk's ID server, which does the same work in the same run.")
  private @Nullable Path hbbs;

  @Option(names = "--hbbr", paramLabel = "FILE", description = "RustDesk's relay, likewise.")
  private @Nullable Path hbbr;

  @Mixin private CsvOption csv = new CsvOption();

  @Option(
      names = "--svg",
      paramLabel = "FOLDER",
      description = "Writes the charts of these benchmarks into this folder.")
  private @Nullable Path svg;

  private final PrintStream out;

  /**
   * @param out gets the tables
   */
  public BenchCommand(PrintStream out) {
    this.out = out;
  }

  /** All benchmarks, in the order in which they run. */
  private List<Benchmark> all() {
    return List.of(
        new HeartbeatBenchmark(),
        new MemoryBenchmark(),
        new StartBenchmark(),
        new ReturnBenchmark(),
        new NewIdsBenchmark(),
        new PunchBenchmark(),
        new NodesBenchmark(),
        new ApiBenchmark(),
        new RelayBenchmark(out));
  }

  @Override
  public Integer call() throws IOException {
    List<Benchmark> chosen = chosen();
    Optional<Path> ofHbbs = program("--hbbs", hbbs);
    Optional<Path> ofHbbr = program("--hbbr", hbbr);
    if (isList) {
      chosen.forEach(one -> out.printf("%-12s %s%n", one.name(), one.description()));
      return 0;
    }
    int counted = runs == null ? isQuick ? QUICK_RUNS : RUNS : runs;
    if (counted < 1) {
      throw CommandErrors.wrongOption(spec, "--runs " + counted + ": must be 1 or more");
    }
    BenchmarkOptions options =
        new BenchmarkOptions(
            isQuick, counted, launcher.path(), ofHbbs, ofHbbr, line -> out.println("  " + line));
    return run(chosen, options);
  }

  private List<Benchmark> chosen() {
    List<Benchmark> all = all();
    List<String> known = all.stream().map(Benchmark::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw CommandErrors.wrongOption(spec, "no benchmark " + name + ": must be of " + known);
      }
    }
    return all.stream().filter(one -> names.isEmpty() || names.contains(one.name())).toList();
  }

  private Optional<Path> program(String option, @Nullable Path file) {
    if (file != null && !Files.isExecutable(file)) {
      throw CommandErrors.wrongOption(spec, option + " " + file + ": no program is there");
    }
    return Optional.ofNullable(file).map(Path::toAbsolutePath);
  }

  private int run(List<Benchmark> chosen, BenchmarkOptions options) throws IOException {
    Report report = new Report(Machine.here(Clock.systemUTC()));
    List<String> failed = new ArrayList<>();
    for (Benchmark benchmark : chosen) {
      out.println(benchmark.name() + ": " + benchmark.description());
      try {
        report.add(benchmark.name(), benchmark.run(options));
        report.print(benchmark.name(), out);
      } catch (IOException | RuntimeException e) {
        failed.add(benchmark.name());
        out.println(benchmark.name() + " could not be carried out: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failed.add(benchmark.name());
        break;
      }
    }
    csv.write(report.csv());
    if (svg != null) {
      report.writeCharts(svg).forEach(file -> out.println("chart " + file));
    }
    if (!failed.isEmpty()) {
      out.println("not carried out: " + String.join(", ", failed));
    }
    return failed.isEmpty() ? 0 : 1;
  }
}
