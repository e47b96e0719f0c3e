package dev.rallypoint.loadtest;

import dev.rallypoint.loadtest.attacks.AttacksCommand;
import dev.rallypoint.loadtest.balancers.BalancersCommand;
import dev.rallypoint.loadtest.benchmark.ApiCallsCommand;
import dev.rallypoint.loadtest.benchmark.BandwidthCapsCommand;
import dev.rallypoint.loadtest.benchmark.BenchCommand;
import dev.rallypoint.loadtest.benchmark.RelayBenchmarkCommand;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.faults.FaultsCommand;
import dev.rallypoint.loadtest.lab.ClusterLabCommand;
import dev.rallypoint.loadtest.lab.LabCommand;
import dev.rallypoint.loadtest.smoke.SmokeCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line. Exit codes: 0 when all passed, 1 when something did not pass, 2 for a wrong
 * option or when the test environment could not be built.
 */
@Command(
    name = "loadtest",
    sortOptions = false,
    header = "Tests and measures a Rallypoint server with simulated RustDesk clients.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "To begin:",
      "  1. mvn -DskipTests package",
      "  2. sudo loadtest/bin/loadtest lab",
      "",
      "The labs and the fault runs need root, ip (iproute2) and nft (nftables), and change nothing",
      "outside of the network namespaces that they create. The other commands need neither.",
      "",
      "Load on Gatling, programs of their own:",
      "  loadtest simulate   Heartbeats, punches, relays, ... of many clients; --help lists them.",
      "  loadtest capacity   Finds the highest rates that a server holds, and prints a table.",
      "  loadtest merge-figures   Makes one report of the runs of several generators.",
      "  loadtest gatling    A simulation that you have written, by its class name.",
      "",
      "Exit codes: 0 all passed, 1 something did not pass, 2 a wrong option or no test environment.",
      "'loadtest COMMAND --help' explains the options of a command."
    })
public final class Main implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  private boolean help;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(execute(System.out, args));
  }

  /**
   * Runs a command without ending the process.
   *
   * @param out gets the output
   * @return the exit code
   */
  public static int execute(PrintStream out, String... args) {
    return execute(out, System.err, args);
  }

  static int execute(PrintStream out, PrintStream errors, String... args) {
    PrintWriter err = new PrintWriter(errors, true);
    return new CommandLine(new Main())
        .addSubcommand(new LabCommand(out))
        .addSubcommand(new ClusterLabCommand(out))
        .addSubcommand(new FaultsCommand(out))
        .addSubcommand(new BalancersCommand(out))
        .addSubcommand(new AttacksCommand(out))
        .addSubcommand(new BenchCommand(out))
        .addSubcommand(new RelayBenchmarkCommand(out))
        .addSubcommand(new BandwidthCapsCommand(out))
        .addSubcommand(new ApiCallsCommand(out))
        .addSubcommand(new SmokeCommand(out))
        .setUsageHelpWidth(100)
        .setOut(new PrintWriter(out, true))
        .setErr(err)
        .setParameterExceptionHandler((e, _) -> onWrongOption(err, e))
        .setExecutionExceptionHandler((e, command, _) -> onFailure(err, e, command))
        .execute(args);
  }

  private static int onWrongOption(PrintWriter err, ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    err.println(command + ": " + message + " (see '" + command + " --help')");
    return 2;
  }

  private static int onFailure(PrintWriter err, Exception e, CommandLine command) {
    if (e instanceof ParameterException wrong) {
      return onWrongOption(err, wrong);
    }
    if (e instanceof EnvironmentException) {
      err.println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
      return 2;
    }
    e.printStackTrace(err);
    return 1;
  }

  @Override
  public void run() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    command.usage(command.getOut());
  }
}
