package dev.rallypoint.loadtest.crowd;

import dev.rallypoint.loadtest.machine.Agent;
import dev.rallypoint.loadtest.machine.Namespaces;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A crowd in a process of its own, for more peers than one process may have sockets. It is only
 * counted; nobody asks for its peers.
 */
public final class FarCrowd implements AutoCloseable {
  private final Agent agent;

  private FarCrowd(Agent agent) {
    this.agent = agent;
  }

  /**
   * Starts it and gathers its peers.
   *
   * @param label the crowd's namespace
   * @param logs a folder for its complaints
   * @param nodes the servers' addresses
   * @param addresses where the peers come from
   */
  public static FarCrowd gather(
      Namespaces namespaces,
      String label,
      Path logs,
      List<String> nodes,
      int misses,
      CrowdAddresses addresses,
      int firstId,
      int count,
      Duration spread) {
    FarCrowd crowd = new FarCrowd(Agent.start(namespaces, label, CrowdProgram.class, "512m", logs));
    crowd.agent.ask(
        new CrowdOrder.Gather(nodes, misses, addresses, firstId, count, spread.toNanos()));
    return crowd;
  }

  /** How many were acknowledged after a moment of {@code System.nanoTime}. */
  public long acknowledgedSince(long moment) {
    return tell(moment).acknowledged();
  }

  /** How often RegisterPk got this answer. */
  public long verdicts(RegisterPkResponse.Result result) {
    return tell(System.nanoTime()).verdicts().getOrDefault(result, 0L);
  }

  /** Carries one in so many peers behind another ip; gives how many. */
  public int carryAway(int oneIn) {
    return ((CrowdOrder.Carried) agent.ask(new CrowdOrder.CarryAway(oneIn))).peers();
  }

  private CrowdOrder.Told tell(long since) {
    return (CrowdOrder.Told) agent.ask(new CrowdOrder.Tell(since));
  }

  @Override
  public void close() {
    agent.close();
  }
}
