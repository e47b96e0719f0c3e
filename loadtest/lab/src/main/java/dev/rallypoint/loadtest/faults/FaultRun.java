package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.load.SourceAddresses;
import java.util.List;

/** One fault that is caused in a cluster under load, with the goals that must be met. */
abstract class FaultRun {
  private final String name;
  private final String description;
  private final int peers;
  private final int quickPeers;

  /**
   * @param name the name of the goal, such as R1
   * @param description what is done, in one line
   * @param peers how many peers are registered before the run
   * @param quickPeers the same for a quick run
   */
  FaultRun(String name, String description, int peers, int quickPeers) {
    this.name = name;
    this.description = description;
    this.peers = peers;
    this.quickPeers = quickPeers;
  }

  final String name() {
    return name;
  }

  final String description() {
    return description;
  }

  /** The settings of the nodes for this run, {@code name=value}. */
  List<String> settings(RunSize size) {
    return List.of();
  }

  /** How many peers are registered before the run. */
  int peers(RunSize size) {
    return size.peers(peers, quickPeers);
  }

  /** The source addresses of these peers. */
  SourceAddresses addresses() {
    return SourceAddresses.ONE_PER_PEER;
  }

  /** Runs on a cluster whose peers are registered, and reports the figures. */
  abstract void run(LoadedCluster cluster, RunReport report) throws Exception;
}
