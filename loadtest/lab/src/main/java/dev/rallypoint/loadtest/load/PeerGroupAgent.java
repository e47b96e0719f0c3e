package dev.rallypoint.loadtest.load;

import dev.rallypoint.loadtest.environment.AgentProcess;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The main class of the process of a {@link PeerGroupProcess}. */
public final class PeerGroupAgent {
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  private @Nullable PeerGroup group;

  private PeerGroupAgent() {}

  /** Carries out commands until the standard input ends. */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    PeerGroupAgent agent = new PeerGroupAgent();
    AgentProcess.serve(command -> agent.execute((PeerGroupCommand) command));
  }

  private Serializable execute(PeerGroupCommand command) {
    return switch (command) {
      case PeerGroupCommand.AddPeers add -> counts(addPeers(add), System.nanoTime());
      case PeerGroupCommand.ChangeAddresses(int oneIn) ->
          new PeerGroupCommand.AddressesChanged(group().changeAddresses(oneIn));
      case PeerGroupCommand.Count(long since) -> counts(group(), since);
    };
  }

  private PeerGroup group() {
    PeerGroup added = group;
    if (added == null) {
      throw new EnvironmentException("no peers were added");
    }
    return added;
  }

  private PeerGroup addPeers(PeerGroupCommand.AddPeers command) {
    try {
      PeerGroup added =
          new PeerGroup(
              command.firstId(),
              command.addresses(),
              new NodeBalancer(command.nodes()),
              command.misses(),
              PeerGroup.CLIENT_INTERVAL,
              threads);
      added.addPeers(command.count(), Duration.ofNanos(command.spread()), new SplittableRandom());
      threads.execute(added::run);
      group = added;
      return added;
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot open the sockets of " + command.count() + " peers: " + e.getMessage(), e);
    }
  }

  private static PeerGroupCommand.Counts counts(PeerGroup group, long since) {
    Map<RegisterPkResponse.Result, Long> results = new EnumMap<>(RegisterPkResponse.Result.class);
    for (RegisterPkResponse.Result result : RegisterPkResponse.Result.values()) {
      results.put(result, group.counts().results(result));
    }
    return new PeerGroupCommand.Counts(group.acknowledgedSince(since), results);
  }
}
