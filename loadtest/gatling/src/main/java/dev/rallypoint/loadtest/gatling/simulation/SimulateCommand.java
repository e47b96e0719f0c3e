package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.launch.ExitCode;
import dev.rallypoint.loadtest.gatling.launch.Launcher;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code loadtest simulate}: runs one of the simulations of this package. */
@Command(
    name = "loadtest simulate",
    mixinStandardHelpOptions = true,
    subcommands = HelpCommand.class,
    synopsisSubcommandLabel = "SIMULATION [options]",
    header = "Puts simulated RustDesk clients on a server and says what it held.",
    description = {
      "",
      "A run warms up, measures, prints a table in microseconds, judges its limits, and leaves"
          + " an HTML report and figures.json in a folder. Nothing is sent to anybody but the"
          + " target, which must be on this machine or in a private network.",
      ""
    },
    footerHeading = "%nTo begin, with a node on this machine:%n",
    footer = {
      "  node/target/rallypoint/bin/rallypoint serve --data /tmp/node    (prints its key)",
      "  loadtest/bin/loadtest simulate SteadyHeartbeats --key KEY",
      "'loadtest simulate SIMULATION --help' tells the options and defaults of each."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all limits held",
      "1:the run crashed, or the load generator threw exceptions: no figures",
      "2:a limit was missed, or the command line is wrong"
    })
public final class SimulateCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  private SimulateCommand() {}

  /** Runs and ends the JVM, in which a crashed run may have left threads. */
  public static void main(String[] arguments) {
    Launcher.prepare();
    int code = ExitCode.CRASHED;
    try {
      code =
          execute(new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
    } finally {
      System.exit(code);
    }
  }

  /** Runs in this JVM; returns the exit code. */
  static int execute(PrintWriter out, PrintWriter errors, String... arguments) {
    CommandLine command = new CommandLine(new SimulateCommand());
    for (Kind kind : Kind.values()) {
      command.addSubcommand(kind.title(), KindCommand.of(kind), kind.alias());
    }
    return command
        .setOut(out)
        .setErr(errors)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((e, _) -> onWrongOption(errors, e))
        .setExecutionExceptionHandler((e, failed, _) -> onFailure(errors, e))
        .execute(arguments);
  }

  private static int onWrongOption(PrintWriter errors, ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    errors.println(command + ": " + message + " (see '" + command + " --help')");
    return ExitCode.ASSERTION_FAILED;
  }

  private static int onFailure(PrintWriter errors, Exception e) {
    if (e instanceof ParameterException wrong) {
      return onWrongOption(errors, wrong);
    }
    e.printStackTrace(errors);
    return ExitCode.CRASHED;
  }

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "no simulation named");
  }
}
