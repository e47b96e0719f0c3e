package dev.rallypoint.loadtest.gatling.launch;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: one sub-command for each thing that it does with Gatling or its clients. */
@Command(
    name = "loadtest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "Loads a Rallypoint server with simulated RustDesk clients.",
    subcommands = {GatlingCommand.class})
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Runs and ends the JVM, in which a crashed run may have left threads. */
  public static void main(String[] arguments) {
    Launcher.prepare();
    int code = ExitCode.CRASHED;
    try {
      code = execute(arguments);
    } finally {
      System.exit(code);
    }
  }

  /** Runs a command without ending the JVM and returns the exit code. */
  static int execute(String... arguments) {
    return new CommandLine(new Main())
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler((e, _) -> onWrongOption(e))
        .execute(arguments);
  }

  /** One line: what is wrong with the command line. */
  private static int onWrongOption(ParameterException e) {
    PrintWriter err = e.getCommandLine().getErr();
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    err.println(command + ": " + message + " (see '" + command + " --help')");
    return ExitCode.ASSERTION_FAILED;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
