package dev.rallypoint.loadtest.gatling.simulation;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** In how many processes a simulation runs, and where it leaves its results. */
final class GeneratorOptions {
  @Option(
      names = "--generators",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Processes that share the load and whose figures are added. A process has a descriptor"
              + " for each device (ulimit -Hn). Default: ${DEFAULT-VALUE}.")
  private int generators = 1;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      defaultValue = "load-results",
      description = "Each run makes a folder in it. Default: ${DEFAULT-VALUE}.")
  private Path report = Path.of("load-results");

  @Option(names = "--no-report", description = "Only figures.json, no HTML report.")
  private boolean hasNoReport;

  @Option(names = "--generator", hidden = true, defaultValue = "0")
  private int generator;

  @Option(names = "--generator-report", hidden = true, defaultValue = "")
  private Path generatorReport = Path.of("");

  int generators() {
    return generators;
  }

  /** The number of this generator, from 1; 0 when there is only one or this one starts them. */
  int generator() {
    return generator;
  }

  /** Whether this process is one of several and has only a share of the load. */
  boolean isShare() {
    return generator > 0;
  }

  /** The number of this generator, from 0. */
  int offset() {
    return Math.max(0, generator - 1);
  }

  /** What this generator has of a number of all. */
  int share(int all) {
    return isShare() ? all / generators + (offset() < all % generators ? 1 : 0) : all;
  }

  Path report() {
    return isShare() ? generatorReport : report;
  }

  boolean hasReport() {
    return !hasNoReport;
  }
}
