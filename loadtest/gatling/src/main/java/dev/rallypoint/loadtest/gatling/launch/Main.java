package dev.rallypoint.loadtest.gatling.launch;

import io.gatling.javaapi.core.Simulation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program: runs a simulation by its class name. */
@Command(
    name = "gatling",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs a Gatling simulation of RustDesk clients and writes report and figures.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:assertions and limits held",
      "1:the run crashed",
      "2:an assertion did not hold, or the command line is wrong",
      "3:a limit in microseconds did not hold",
      "4:the load generator itself threw exceptions"
    })
public final class Main implements Callable<Integer> {
  @Parameters(paramLabel = "SIMULATION", description = "Class of the simulation.")
  private String simulation = "";

  @Option(
      names = "--results",
      paramLabel = "FOLDER",
      defaultValue = "load-results",
      description = "Where each run makes a folder; default ${DEFAULT-VALUE}.")
  private Path results = Path.of("load-results");

  @Option(names = "--no-report", description = "Figures only, no HTML report.")
  private boolean noReport;

  private Main() {}

  /** Runs and ends the JVM, in which a crashed run may have left threads. */
  public static void main(String[] arguments) {
    Launcher.prepare();
    int code = ExitCode.CRASHED;
    try {
      code = new CommandLine(new Main()).execute(arguments);
    } finally {
      System.exit(code);
    }
  }

  @Override
  public Integer call() throws ClassNotFoundException {
    Class<?> named = Class.forName(simulation);
    return new Launcher(results, !noReport).run(named.asSubclass(Simulation.class)).exitCode();
  }
}
