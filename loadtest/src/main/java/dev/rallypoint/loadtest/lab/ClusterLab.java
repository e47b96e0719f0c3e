package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.cluster.ClusterPlan;
import dev.rallypoint.loadtest.machine.Namespaces;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The lab against a cluster: requesters talk to one node, targets are at home on another, their
 * answers land on a third. Exit codes as those of {@link Lab}.
 */
@Command(
    name = "lab-cluster",
    mixinStandardHelpOptions = true,
    description = "Tests a cluster with simulated clients behind real NATs (needs root, ip, nft).")
public final class ClusterLab implements Callable<Integer> {
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
      names = "--megabytes",
      paramLabel = "N",
      description = "Megabytes each way over a relay. Default: ${DEFAULT-VALUE}",
      defaultValue = "100")
  private int megabytes;

  @Option(
      names = "--relay-names",
      description = "Each node names its own relay to clients; else all share one name.")
  private boolean namesRelays;

  @Option(
      names = "--seeds",
      description = "Nodes find each other by seed nodes instead of through the database.")
  private boolean bySeeds;

  @Option(
      names = "--rows",
      paramLabel = "N,N-N",
      split = ",",
      description = "Only these rows. 2 and 3 register the peers that most others need.")
  private List<String> rows = List.of();

  @Option(names = "--keep", description = "Leaves the namespaces, the data and the logs.")
  private boolean keep;

  @Option(names = "--list", description = "Only names the rows.")
  private boolean list;

  private final PrintStream out;

  private ClusterLab(PrintStream out) {
    this.out = out;
  }

  /** The program. */
  public static void main(String[] args) {
    System.exit(execute(System.out, args));
  }

  /** Runs the program without ending the process; gives its exit code. */
  public static int execute(PrintStream out, String... args) {
    return new CommandLine(new ClusterLab(out)).execute(args);
  }

  @Override
  public Integer call() throws IOException {
    if (nodes < 2 || nodes > 9) {
      out.println("--nodes " + nodes + ": write 2 to 9");
      return 2;
    }
    Optional<String> missing = list ? Optional.empty() : Namespaces.missing();
    if (missing.isPresent()) {
      out.println(missing.get());
      return 2;
    }
    if (!list && !Files.isExecutable(launcher)) {
      out.println("no launcher at " + launcher + ": build first, or name one with --rallypoint");
      return 2;
    }
    Path work = Files.createTempDirectory("rallypoint-lab-");
    // The default cap of a session would make most of the time of the long relays.
    List<String> settings = List.of("single-bandwidth=1000", "total-bandwidth=10000");
    ClusterSite site =
        new ClusterSite(new ClusterPlan(nodes, namesRelays, bySeeds, launcher, settings, work));
    SortedMap<Integer, Step> steps = chosen(steps(site));
    if (list) {
      new Table(out).list(steps);
      Files.delete(work);
      return 0;
    }
    Stage stage = new Stage(site, work, megabytes * 1_000_000L);
    return new Performance(out, stage, work, keep).play(steps);
  }

  private List<Step> steps(ClusterSite site) {
    Pairing pairing = new Pairing(site.cluster().certificate().chain().toString());
    // The last two rows of the lab restart the servers; nothing is registered after that.
    List<Step> flows = Lab.steps();
    return Stream.of(
            flows.subList(0, flows.size() - 2),
            new Crossing(site, namesRelays).steps(),
            pairing.steps(),
            flows.subList(flows.size() - 2, flows.size()))
        .flatMap(List::stream)
        .toList();
  }

  private SortedMap<Integer, Step> chosen(List<Step> all) {
    SortedMap<Integer, Step> numbered = Table.numbered(all);
    if (!rows.isEmpty()) {
      numbered.keySet().retainAll(rows.stream().flatMapToInt(ClusterLab::range).boxed().toList());
    }
    return numbered;
  }

  private static IntStream range(String text) {
    String[] ends = text.split("-", 2);
    int first = Integer.parseInt(ends[0].strip());
    return IntStream.rangeClosed(first, Integer.parseInt(ends[ends.length - 1].strip()));
  }
}
