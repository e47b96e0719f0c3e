package dev.rallypoint.loadtest.attacks;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.cli.CommandErrors;
import dev.rallypoint.loadtest.cli.CsvOption;
import dev.rallypoint.loadtest.cli.KeepOption;
import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code attacks}: attacks nodes and prints what honest clients noticed. */
@Command(
    name = "attacks",
    sortOptions = false,
    header = "Attacks a node with honest clients beside it and tells which rules held.",
    description = {
      "Each attack runs on a new node with an empty data folder, on loopback addresses only, once",
      "from one source address and, where that means something, once from many. 300 registered",
      "peers send heartbeats, 20 punch hole requests a second ask for them, and 2 relayed sessions",
      "a second are opened: first without the attack, then with it. Each run ends by itself."
    },
    footer = {
      "",
      "Examples:",
      "  loadtest/bin/loadtest attacks --list",
      "  loadtest/bin/loadtest attacks --only home-moves,new-ids --seconds 10",
      "  loadtest/bin/loadtest attacks --seconds 120 --csv attacks.csv \\",
      "      --baseline /opt/rallypoint-0.1/bin/rallypoint",
      "",
      "Exit codes: 0 all rules held, 1 one did not, 2 a wrong option or a node did not start."
    })
public final class AttacksCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these attacks; see --list. Default: all.")
  private List<String> only = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "How long the honest clients are measured without the attack, and again with it. The"
              + " growth of memory is judged from 90 on. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--addresses",
      paramLabel = "N",
      split = ",",
      description = "Only runs from these numbers of source addresses, such as 1 or 2000.")
  private List<Integer> addresses = List.of();

  @Option(
      names = "--baseline",
      paramLabel = "PATH",
      description = "The launcher of another version: attacked before it each time, not judged.")
  private @Nullable Path baseline;

  @Option(names = "--list", description = "Lists the attacks and runs none.")
  private boolean isList;

  @Mixin private CsvOption csv = new CsvOption();

  @Mixin private KeepOption keep = new KeepOption();

  private final PrintStream out;

  /**
   * @param out gets the figures
   */
  public AttacksCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    List<Attack> chosen = chosen();
    if (isList) {
      chosen.forEach(attack -> out.printf("%-22s %s%n", attack.name(), attack.description()));
      return 0;
    }
    if (seconds < 1) {
      throw CommandErrors.wrongOption(spec, "--seconds must be 1 or more");
    }
    Map<String, Path> products = products();
    AttackReport report = new AttackReport(out);
    boolean areStarted = true;
    for (Attack attack : chosen) {
      for (int count : attack.addresses()) {
        if (addresses.isEmpty() || addresses.contains(count)) {
          for (Map.Entry<String, Path> product : products.entrySet()) {
            areStarted &= run(attack, count, product.getKey(), product.getValue(), report);
          }
        }
      }
    }
    report.printVerdicts();
    csv.write(report.csv());
    return !areStarted ? 2 : report.allHeld() ? 0 : 1;
  }

  private Map<String, Path> products() {
    Map<String, Path> products = new LinkedHashMap<>();
    if (baseline != null) {
      if (!Files.isExecutable(baseline)) {
        throw CommandErrors.wrongOption(spec, "no launcher at " + baseline);
      }
      products.put("baseline", baseline);
    }
    products.put("this", launcher.path());
    return products;
  }

  private List<Attack> chosen() {
    List<Attack> all = AttackCatalog.all();
    for (String name : only) {
      if (all.stream().noneMatch(attack -> attack.name().equals(name))) {
        throw CommandErrors.wrongOption(spec, "no attack " + name + ": --list names them");
      }
    }
    return all.stream().filter(a -> only.isEmpty() || only.contains(a.name())).toList();
  }

  /** Runs an attack on one product; returns false when that could not be done. */
  private boolean run(Attack attack, int count, String product, Path path, AttackReport report) {
    AttackRun run = new AttackRun(path, Duration.ofSeconds(seconds), keep.keep());
    try {
      report.add(attack, product, product.equals("this"), run.run(attack, count));
      return true;
    } catch (IOException | EnvironmentException e) {
      report.addFailure(attack, count, product, e);
      return false;
    }
  }
}
