package dev.rallypoint.loadtest.gatling.launch;

import dev.rallypoint.loadtest.gatling.figures.FiguresJson;
import dev.rallypoint.loadtest.gatling.figures.FiguresTable;
import dev.rallypoint.loadtest.gatling.figures.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Merges the runs of several generators. */
@Command(
    name = "merge-figures",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Makes one report and one set of figures of the runs of several generators, and judges "
            + "the limits and assertions again.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:assertions and limits hold on the sum",
      "1:one of the runs crashed",
      "2:an assertion does not hold, the command line is wrong, or a file is not whole",
      "3:a limit in microseconds does not hold",
      "4:a load generator threw exceptions"
    })
public final class MergeFiguresCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "REPORT_DIR",
      arity = "1..*",
      description = "Folders of runs, with simulation.log and figures.json.")
  private List<Path> runs = List.of();

  @Option(
      names = "--into",
      paramLabel = "FOLDER",
      required = true,
      description = "The folder to make; it must not exist or be empty.")
  private Path into = Path.of("");

  @Option(
      names = "--no-report",
      description = "No HTML report; Gatling's assertions are not judged then.")
  private boolean noReport;

  private MergeFiguresCommand() {}

  /** Merges and ends the JVM. */
  public static void main(String[] arguments) {
    Launcher.prepare();
    int code = ExitCode.CRASHED;
    try {
      code = execute(arguments);
    } finally {
      System.exit(code);
    }
  }

  /** Merges and returns the exit code. */
  static int execute(String... arguments) {
    return new CommandLine(new MergeFiguresCommand()).execute(arguments);
  }

  @Override
  public Integer call() {
    RunResult merged;
    try {
      merged = MergedRun.merge(runs, into, !noReport);
    } catch (IOException e) {
      spec.commandLine().getErr().println("loadtest merge-figures: " + e.getMessage());
      return ExitCode.ASSERTION_FAILED;
    }
    FiguresTable.lines(merged).forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().println("figures: " + into.resolve(FiguresJson.FILE));
    return merged.exitCode();
  }
}
