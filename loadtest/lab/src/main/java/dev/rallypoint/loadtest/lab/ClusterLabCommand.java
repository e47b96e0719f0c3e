package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.cli.ClusterOptions;
import dev.rallypoint.loadtest.cluster.ClusterSpec;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command {@code lab-cluster}: runs the scenarios of the lab and more against a cluster. The
 * requesters use one node, the targets register at another, and their answers go to a third.
 */
@Command(
    name = "lab-cluster",
    sortOptions = false,
    header = "Tests a cluster with simulated clients behind real NATs.",
    description = {
      "As lab, with several nodes and PostgreSQL: requesters use one node, targets register at",
      "another, and their answers go to a third. Needs root, ip and nft. See docs/lab.md."
    })
public final class ClusterLabCommand implements Callable<Integer> {
  /** The default limit of a session would make the long relay rows slow. */
  private static final List<String> SETTINGS =
      List.of("single-bandwidth=1000", "total-bandwidth=10000");

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--relay-names",
      description = "Each node gives clients the address of its own relay, not one shared name.")
  private boolean namesRelays;

  @Mixin private LabOptions options = new LabOptions();

  private final PrintStream out;

  /**
   * @param out gets the table of results
   */
  public ClusterLabCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    int nodes = cluster.nodes();
    if (options.list()) {
      return options.list(out, scenarios(deployment(nodes, Path.of(""), Path.of(""))));
    }
    Path launcher = options.launcher();
    Path work = TemporaryFolder.create("lab");
    ClusterDeployment deployment = deployment(nodes, launcher, work);
    return options.run(out, deployment, work, scenarios(deployment));
  }

  private ClusterDeployment deployment(int nodes, Path launcher, Path work) {
    return new ClusterDeployment(
        new ClusterSpec(nodes, namesRelays, cluster.bySeeds(), launcher, false, SETTINGS, work));
  }

  private List<Scenario> scenarios(ClusterDeployment deployment) {
    Path certificate = deployment.cluster().certificate().certificate();
    // The last two scenarios of the lab restart the servers: no peer is registered afterwards.
    List<Scenario> single = LabCommand.scenarios();
    return Stream.of(
            single.subList(0, single.size() - 2),
            new BackhaulScenarios(deployment, namesRelays).all(),
            new TransportPairScenarios(certificate.toString()).all(),
            single.subList(single.size() - 2, single.size()))
        .flatMap(List::stream)
        .toList();
  }
}
