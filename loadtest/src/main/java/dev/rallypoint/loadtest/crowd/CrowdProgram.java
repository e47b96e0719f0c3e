package dev.rallypoint.loadtest.crowd;

import dev.rallypoint.loadtest.machine.Agent;
import dev.rallypoint.loadtest.machine.LabException;
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

/** The process of a {@link FarCrowd}; it is started inside the crowd's network. */
public final class CrowdProgram {
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  private @Nullable Crowd crowd;

  private CrowdProgram() {}

  /** Runs until the standard input ends. */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    CrowdProgram program = new CrowdProgram();
    Agent.serve(order -> program.carryOut((CrowdOrder) order));
  }

  private Serializable carryOut(CrowdOrder order) {
    return switch (order) {
      case CrowdOrder.Gather gather -> told(gathered(gather), System.nanoTime());
      case CrowdOrder.CarryAway(int oneIn) -> new CrowdOrder.Carried(crowd().carryAway(oneIn));
      case CrowdOrder.Tell(long since) -> told(crowd(), since);
    };
  }

  private Crowd crowd() {
    Crowd gathered = crowd;
    if (gathered == null) {
      throw new LabException("nobody is gathered yet");
    }
    return gathered;
  }

  private Crowd gathered(CrowdOrder.Gather order) {
    try {
      Crowd gathered =
          new Crowd(
              order.firstId(),
              order.addresses(),
              new Nodes(order.nodes()),
              order.misses(),
              threads);
      gathered.gather(order.count(), Duration.ofNanos(order.spread()), new SplittableRandom());
      threads.execute(gathered::run);
      crowd = gathered;
      return gathered;
    } catch (IOException e) {
      throw new LabException("no room for " + order.count() + " peers: " + e.getMessage(), e);
    }
  }

  private static CrowdOrder.Told told(Crowd crowd, long since) {
    Map<RegisterPkResponse.Result, Long> verdicts = new EnumMap<>(RegisterPkResponse.Result.class);
    for (RegisterPkResponse.Result result : RegisterPkResponse.Result.values()) {
      verdicts.put(result, crowd.verdicts(result));
    }
    return new CrowdOrder.Told(crowd.acknowledgedSince(since), verdicts);
  }
}
