package dev.rallypoint.loadtest.balancers;

import dev.rallypoint.loadtest.cli.CommandErrors;
import dev.rallypoint.loadtest.cli.CsvOption;
import dev.rallypoint.loadtest.cli.KeepOption;
import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.cluster.ClusterSpec;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.ExternalCommand;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import dev.rallypoint.loadtest.faults.RunReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code balancers}: three nodes behind each of the balancers of docker/proxies. */
@Command(
    name = "balancers",
    sortOptions = false,
    header = "Runs three nodes behind HAProxy, nginx and keepalived.",
    description = {
      "For each: peers register and are found through the balancer, the nodes see their own",
      "addresses, a node drains while relayed sessions run, and a node is killed. Needs root, ip,",
      "nft, curl, and haproxy with conntrack, nginx with its stream module, or keepalived; those",
      "that are missing are named and left out. See docs/balancers.md."
    })
public final class BalancersCommand implements Callable<Integer> {
  private static final int NODES = 3;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "BALANCER",
      description = "haproxy, nginx or keepalived; all of them when none is named.")
  private List<String> names = List.of();

  @Option(
      names = "--peers",
      paramLabel = "N",
      defaultValue = "60",
      description = "The number of registered peers. Default: ${DEFAULT-VALUE}")
  private int peers;

  @Option(
      names = "--examples",
      paramLabel = "FOLDER",
      defaultValue = "docker/proxies",
      description = "The folder of the balancers' files. Default: ${DEFAULT-VALUE}")
  private Path examples = Path.of("");

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Mixin private CsvOption csv = new CsvOption();

  @Mixin private KeepOption keep = new KeepOption();

  private final PrintStream out;

  /**
   * The command.
   *
   * @param out gets the table of figures
   */
  public BalancersCommand(PrintStream out) {
    this.out = out;
  }

  /**
   * The exit code is 0 when all goals were met, 1 when one was missed, 2 when nothing could run.
   */
  @Override
  public Integer call() throws IOException {
    List<Balancer> chosen = chosen();
    launcher.path();
    if (!Files.isDirectory(examples)) {
      throw CommandErrors.wrongOption(spec, "--examples " + examples + ": no such folder");
    }
    NetworkNamespaces.missing()
        .ifPresent(missing -> {
          throw new EnvironmentException(missing);
        });
    RunReport report = new RunReport(out, true);
    report.printHeader();
    int ran = 0;
    for (Balancer balancer : chosen) {
      List<String> missing =
          balancer.programs().stream().filter(program -> !isInstalled(program)).toList();
      if (missing.isEmpty()) {
        run(balancer, report);
        ran++;
      } else {
        out.println(balancer + " is left out: not installed: " + String.join(", ", missing));
      }
    }
    csv.write(report.csv());
    return ran == 0 ? 2 : report.allMet() ? 0 : 1;
  }

  private List<Balancer> chosen() {
    for (String name : names) {
      if (Arrays.stream(Balancer.values()).noneMatch(known -> isName(known, name))) {
        throw CommandErrors.wrongOption(
            spec, "no balancer " + name + ": must be haproxy, nginx or keepalived");
      }
    }
    return Arrays.stream(Balancer.values())
        .filter(known -> names.isEmpty() || names.stream().anyMatch(name -> isName(known, name)))
        .toList();
  }

  private static boolean isName(Balancer balancer, String name) {
    return balancer.name().toLowerCase(Locale.ROOT).equals(name);
  }

  private static boolean isInstalled(String program) {
    return ExternalCommand.succeeds(List.of("sh", "-c", "command -v " + program));
  }

  private void run(Balancer balancer, RunReport report) throws IOException {
    Path work = TemporaryFolder.create("balancers");
    ClusterSpec cluster =
        new ClusterSpec(
            NODES, balancer.isFailover(), false, launcher.path(), false, balancer.settings(), work);
    BalancerRun run = new BalancerRun(balancer, cluster, examples.toAbsolutePath(), report);
    ExitCleanup cleanup = ExitCleanup.register(run::close);
    try {
      out.printf("%s (namespaces %s-*, logs in %s)%n", balancer, run.prefix(), work);
      run.run(peers);
    } catch (EnvironmentException e) {
      report.check(balancer.name().toLowerCase(Locale.ROOT), "the run was completed", false, "no");
      out.println(e.getMessage());
    } catch (Exception e) {
      report.check(balancer.name().toLowerCase(Locale.ROOT), "the run was completed", false, "no");
      e.printStackTrace(out);
    } finally {
      cleanup.run();
    }
    if (report.allMet() && !keep.keep()) {
      TemporaryFolder.delete(work);
    }
  }
}
