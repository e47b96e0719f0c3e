package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The rows of {@link RelayBenchmarkCommand}, with its own sizes. */
final class RelayBenchmark implements Benchmark {
  private final PrintStream out;

  /**
   * @param out gets each sample
   */
  RelayBenchmark(PrintStream out) {
    this.out = out;
  }

  @Override
  public String name() {
    return "relay";
  }

  @Override
  public String description() {
    return "CPU for each relayed GB and round trips, against HAProxy; see bench-relay";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--launcher=" + options.launcher());
    arguments.add("--runs=" + options.runs());
    if (options.isQuick()) {
      arguments.add("--quick");
    }
    RelayBenchmarkCommand command = new RelayBenchmarkCommand(out);
    new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
    return command.measure().rows();
  }
}
