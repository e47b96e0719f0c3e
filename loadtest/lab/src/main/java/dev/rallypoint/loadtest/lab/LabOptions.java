package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.cli.CommandErrors;
import dev.rallypoint.loadtest.cli.KeepOption;
import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of both labs, and the run that they describe. */
final class LabOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      defaultValue = "100",
      description = "The megabytes to send each way over a relay. Default: ${DEFAULT-VALUE}")
  private int megabytes;

  @Option(
      names = "--rows",
      paramLabel = "N,N-N",
      split = ",",
      description = "Runs only these rows. Rows 2 and 3 register the peers that most rows need.")
  private List<String> rows = List.of();

  @Option(names = "--list", description = "Prints the names of the rows without running them.")
  private boolean list;

  @Mixin private KeepOption keep = new KeepOption();

  /** Whether only the names of the rows are wanted. */
  boolean list() {
    return list;
  }

  /** Prints the names of the rows. */
  int list(PrintStream out, List<Scenario> scenarios) {
    new ResultTable(out).list(chosen(scenarios));
    return 0;
  }

  /** The launcher of the server; fails when this machine cannot run a lab. */
  Path launcher() {
    NetworkNamespaces.missing()
        .ifPresent(missing -> {
          throw new EnvironmentException(missing);
        });
    return launcher.path();
  }

  /** Runs the chosen rows and returns the exit code. */
  int run(PrintStream out, Deployment deployment, Path work, List<Scenario> scenarios) {
    Testbed testbed = new Testbed(deployment, work, megabytes * 1_000_000L);
    return new LabRun(out, testbed, work, keep.keep()).run(chosen(scenarios));
  }

  private SortedMap<Integer, Scenario> chosen(List<Scenario> scenarios) {
    SortedMap<Integer, Scenario> numbered = new TreeMap<>();
    scenarios.forEach(scenario -> numbered.put(numbered.size() + 1, scenario));
    if (!rows.isEmpty()) {
      numbered.keySet().retainAll(rows.stream().flatMapToInt(this::range).boxed().toList());
    }
    return numbered;
  }

  private IntStream range(String text) {
    String[] ends = text.split("-", 2);
    try {
      return IntStream.rangeClosed(
          Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[ends.length - 1].strip()));
    } catch (NumberFormatException e) {
      throw CommandErrors.wrongOption(command, "--rows " + text + ": must be N or N-N");
    }
  }
}
