package dev.rallypoint.loadtest.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of the cluster to start. */
public final class ClusterOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "The number of nodes, 2 to 9. Default: ${DEFAULT-VALUE}")
  private int nodes;

  @Option(
      names = "--seeds",
      description = "The nodes find each other by seed nodes instead of by the database.")
  private boolean bySeeds;

  /** The number of nodes, 2 to 9. */
  public int nodes() {
    if (nodes < 2 || nodes > 9) {
      throw CommandErrors.wrongOption(command, "--nodes " + nodes + ": must be 2 to 9");
    }
    return nodes;
  }

  /** Whether the nodes find each other by seed nodes. */
  public boolean bySeeds() {
    return bySeeds;
  }
}
