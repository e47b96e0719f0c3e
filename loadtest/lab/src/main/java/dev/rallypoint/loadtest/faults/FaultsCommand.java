package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cli.ClusterOptions;
import dev.rallypoint.loadtest.cli.CommandErrors;
import dev.rallypoint.loadtest.cli.CsvOption;
import dev.rallypoint.loadtest.cli.KeepOption;
import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.cluster.ClusterSpec;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code faults}: runs fault runs and prints their figures. */
@Command(
    name = "faults",
    sortOptions = false,
    header = "Damages a cluster under load and compares measured figures with goals.",
    description = {
      "Each run starts a cluster, registers peers, sends punch hole requests at a steady rate, and",
      "kills, stops or separates nodes. Needs root, ip and nft. See docs/faults.md."
    })
public final class FaultsCommand implements Callable<Integer> {
  private static final List<FaultRun> ALL =
      List.of(
          new NodeKillRun(),
          new RollingRestartRun(),
          new PartitionRun(),
          new ClusterRestartRun(),
          new KeyOwnershipRun(),
          new DatabaseOutageRun(),
          new SteadyHeartbeatsRun());

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "R1, R2, R3, R4, R5, R13, steady, or all.")
  private List<String> names = List.of();

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Mixin private ClusterOptions clusterOptions = new ClusterOptions();

  @Option(
      names = "--together",
      description = "All runs on one cluster; the id conflicts of R5 go on during the others.")
  private boolean together;

  @Option(names = "--quick", description = "Small and short runs, as in CI; times have no goals.")
  private boolean isQuick;

  @Option(names = "--peers", paramLabel = "N", description = "The number of registered peers.")
  private int peers;

  @Option(names = "--rounds", paramLabel = "N", description = "The rounds of R2 and R5.")
  private int rounds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "20",
      description = "Punch hole requests per second. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--misses",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "After how many unanswered heartbeats a peer changes to another node. Default:"
              + " ${DEFAULT-VALUE}, for a load balancer; a client that has only DNS takes 4.")
  private int misses;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of all nodes; replaces that of a run. May be repeated.")
  private List<String> settings = List.of();

  @Mixin private CsvOption csv = new CsvOption();

  @Mixin private KeepOption keep = new KeepOption();

  private final PrintStream out;

  /**
   * @param out gets the table of figures
   */
  public FaultsCommand(PrintStream out) {
    this.out = out;
  }

  /** The exit code is 0 when all goals were met, 1 when one was missed, 2 without a cluster. */
  @Override
  public Integer call() throws IOException {
    List<FaultRun> runs = chosen();
    clusterOptions.nodes();
    launcher.path();
    NetworkNamespaces.missing()
        .ifPresent(missing -> {
          throw new EnvironmentException(missing);
        });
    RunReport report = new RunReport(out, !isQuick);
    report.printHeader();
    boolean areBuilt = true;
    boolean areCombined = together && runs.size() > 1;
    for (FaultRun run : areCombined ? List.<FaultRun>of(new CombinedRun(runs)) : runs) {
      areBuilt &= run(run, report);
    }
    csv.write(report.csv());
    return !areBuilt ? 2 : report.allMet() ? 0 : 1;
  }

  private List<FaultRun> chosen() {
    for (String name : names) {
      if (!name.equals("all") && ALL.stream().noneMatch(run -> run.name().equals(name))) {
        throw CommandErrors.wrongOption(
            spec, "no run " + name + ": must be R1, R2, R3, R4, R5, R13, steady or all");
      }
    }
    return ALL.stream().filter(run -> names.contains("all") || names.contains(run.name())).toList();
  }

  /** Runs on a new cluster; returns false when the cluster could not be built. */
  private boolean run(FaultRun run, RunReport report) throws IOException {
    RunSize size = new RunSize(isQuick, clusterOptions.nodes(), peers, rate, rounds);
    Path work = TemporaryFolder.create("faults");
    List<String> all = NodeSettings.NONE.with(run.settings(size)).with(settings).lines();
    ClusterSpec cluster =
        new ClusterSpec(
            size.nodes(), false, clusterOptions.bySeeds(), launcher.path(), !isQuick, all, work);
    LoadedCluster loaded = new LoadedCluster(size, cluster, misses);
    boolean isBuilt = false;
    ExitCleanup cleanup = ExitCleanup.register(loaded::close);
    try {
      out.printf(
          "%s with %d nodes: %s (namespaces %s-*, logs in %s)%n",
          run.name(), size.nodes(), run.description(), loaded.prefix(), work);
      loaded.open(run.peers(size), run.addresses());
      isBuilt = true;
      run.run(loaded, report);
    } catch (EnvironmentException e) {
      report.check(run.name(), "the run was completed", false, "no");
      out.println(e.getMessage());
    } catch (Exception e) {
      report.check(run.name(), "the run was completed", false, "no");
      e.printStackTrace(out);
    } finally {
      cleanup.run();
    }
    if (report.allMet() && !keep.keep()) {
      TemporaryFolder.delete(work);
    }
    return isBuilt;
  }
}
