package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.ClusterPlan;
import dev.rallypoint.loadtest.machine.LabException;
import dev.rallypoint.loadtest.machine.Namespaces;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Plays faults against clusters of real processes and prints figures. Exit code 0 when every goal
 * was met; 1 when one was missed, 2 when a cluster could not be built.
 */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description = "Kills, cuts and stops parts of a cluster under load (needs root, ip, nft).")
public final class Faults implements Callable<Integer> {
  private static final List<FaultRun> ALL =
      List.of(
          new KillRun(),
          new RollingRun(),
          new PartitionRun(),
          new StormRun(),
          new KeyRun(),
          new DatabaseRun(),
          new SteadyRun());

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "R1, R2, R3, R4, R5, R13, steady, or all.")
  private List<String> names = List.of();

  @Option(
      names = "--rallypoint",
      paramLabel = "PATH",
      description = "The server's launcher. Default: ${DEFAULT-VALUE}",
      defaultValue = "node/target/rallypoint/bin/rallypoint")
  private Path launcher = Path.of("");

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes, 2 or more. Default: ${DEFAULT-VALUE}",
      defaultValue = "3")
  private int nodes;

  @Option(
      names = "--together",
      description = "All runs on one cluster; the fight of R5 goes on during the others.")
  private boolean together;

  @Option(names = "--quick", description = "Small and short: shows that it works.")
  private boolean isQuick;

  @Option(names = "--peers", paramLabel = "N", description = "How many peers are registered.")
  private int peers;

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds of R2 and R5.")
  private int rounds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Punches in a second. Default: ${DEFAULT-VALUE}",
      defaultValue = "20")
  private double rate;

  @Option(
      names = "--misses",
      paramLabel = "N",
      description =
          "Unanswered heartbeats after which a peer goes to another node. Default: ${DEFAULT-VALUE},"
              + " for a balancer; a client that has only DNS takes 4.",
      defaultValue = "1")
  private int misses;

  @Option(
      names = "--seeds",
      description = "Nodes find each other by seed nodes instead of through the database.")
  private boolean bySeeds;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of all nodes, also instead of a run's own, as often as needed.")
  private List<String> settings = List.of();

  @Option(names = "--csv", paramLabel = "FILE", description = "All figures, into this file too.")
  private @Nullable Path csv;

  @Option(names = "--keep", description = "Leaves data and logs of runs that met their goals.")
  private boolean keep;

  private final PrintStream out;

  private Faults(PrintStream out) {
    this.out = out;
  }

  /** The program. */
  public static void main(String[] args) {
    System.exit(execute(System.out, args));
  }

  /** Runs the program without ending the process; gives its exit code. */
  public static int execute(PrintStream out, String... args) {
    return new CommandLine(new Faults(out)).execute(args);
  }

  @Override
  public Integer call() throws IOException {
    Optional<String> fault = fault();
    if (fault.isPresent()) {
      out.println(fault.get());
      return 2;
    }
    Scorecard card = new Scorecard(out, !isQuick);
    card.begin();
    boolean areBuilt = true;
    List<FaultRun> runs = chosen();
    boolean areOne = together && runs.size() > 1;
    for (FaultRun run : areOne ? List.<FaultRun>of(new TogetherRun(runs)) : runs) {
      areBuilt &= play(run, card);
    }
    if (csv != null) {
      card.write(csv);
    }
    return !areBuilt ? 2 : card.allMet() ? 0 : 1;
  }

  private Optional<String> fault() {
    for (String name : names) {
      if (!name.equals("all") && ALL.stream().noneMatch(run -> run.name().equals(name))) {
        return Optional.of("no run " + name + ": write R1, R2, R3, R4, R5, R13, steady or all");
      }
    }
    if (nodes < 2 || nodes > 9) {
      return Optional.of("--nodes " + nodes + ": write 2 to 9");
    }
    if (!Files.isExecutable(launcher)) {
      return Optional.of(
          "no launcher at " + launcher + ": build first, or name one with --rallypoint");
    }
    return Namespaces.missing();
  }

  private List<FaultRun> chosen() {
    return ALL.stream().filter(run -> names.contains("all") || names.contains(run.name())).toList();
  }

  /** Plays one run on a cluster of its own; false when there was none to play on. */
  private boolean play(FaultRun run, Scorecard card) throws IOException {
    Scale scale = new Scale(isQuick, nodes, peers, rate, rounds);
    Path work = Files.createTempDirectory("rallypoint-faults-");
    List<String> all = NodeSettings.NONE.with(run.settings(scale)).with(settings).words();
    Rig rig = new Rig(scale, new ClusterPlan(nodes, false, bySeeds, launcher, all, work), misses);
    Thread atInterrupt = new Thread(rig::close, "lab-cleaner");
    Runtime.getRuntime().addShutdownHook(atInterrupt);
    boolean isBuilt = false;
    try {
      out.printf(
          Locale.ROOT,
          "%s with %d nodes: %s (network %s-*, logs in %s)%n",
          run.name(),
          nodes,
          run.meaning(),
          rig.cluster().network().namespaces().prefix(),
          work);
      rig.open(run.peers(scale), run.addresses());
      isBuilt = true;
      run.play(rig, card);
    } catch (LabException e) {
      card.must(run.name(), "the run came to its end", false, "no");
      out.println(e.getMessage());
    } catch (Exception e) {
      card.must(run.name(), "the run came to its end", false, "no");
      e.printStackTrace(out);
    } finally {
      rig.close();
      release(atInterrupt);
    }
    if (card.allMet() && !keep) {
      delete(work);
    }
    return isBuilt;
  }

  private static void release(Thread atInterrupt) {
    try {
      Runtime.getRuntime().removeShutdownHook(atInterrupt);
    } catch (IllegalStateException e) {
      // The process is ending already, by that very thread.
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("could not delete " + folder + ": " + e.getMessage());
    }
  }
}
