package dev.rallypoint.loadtest.load;

import dev.rallypoint.loadtest.environment.AgentProcess;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import java.nio.file.Path;

/**
 * A {@link PeerGroup} in a process of its own, for more peers than one process may have sockets.
 * Its peers are counted only; no requester asks for them.
 */
public final class PeerGroupProcess implements AutoCloseable {
  private final AgentProcess agent;

  private PeerGroupProcess(AgentProcess agent) {
    this.agent = agent;
  }

  /**
   * Starts the process and adds its peers.
   *
   * @param label the namespace of the clients
   * @param logs a folder for the log file
   * @param group the peers
   */
  public static PeerGroupProcess start(
      NetworkNamespaces namespaces, String label, Path logs, PeerGroupCommand.AddPeers group) {
    PeerGroupProcess process =
        new PeerGroupProcess(
            AgentProcess.start(namespaces, label, PeerGroupAgent.class, "512m", logs));
    process.agent.ask(group);
    return process;
  }

  /** How many peers were acknowledged after a moment of {@code System.nanoTime}. */
  public long acknowledgedSince(long moment) {
    return counts(moment).acknowledged();
  }

  /** How often RegisterPk had this result. */
  public long results(RegisterPkResponse.Result result) {
    return counts(System.nanoTime()).results().getOrDefault(result, 0L);
  }

  /** Changes the source address of every so many-th peer; returns how many changed. */
  public int changeAddresses(int oneIn) {
    return ((PeerGroupCommand.AddressesChanged)
            agent.ask(new PeerGroupCommand.ChangeAddresses(oneIn)))
        .peers();
  }

  private PeerGroupCommand.Counts counts(long since) {
    return (PeerGroupCommand.Counts) agent.ask(new PeerGroupCommand.Count(since));
  }

  @Override
  public void close() {
    agent.close();
  }
}
