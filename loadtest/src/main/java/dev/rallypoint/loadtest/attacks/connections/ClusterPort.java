package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.NodeSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Silent connections to whatever a node that is alone listens on beside the ports for clients, such
 * as that for other nodes.
 */
public final class ClusterPort implements Attack {
  private static final int MOST = 4_090;
  private static final int PER_SECOND = 500;
  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofSeconds(15);

  @Override
  public String name() {
    return "cluster-port";
  }

  @Override
  public String description() {
    return "silent connections to the ports for other nodes; 4,096 descriptors";
  }

  @Override
  public NodeSpec node() {
    return NodeSpec.DEFAULT.withDescriptors(4_096);
  }

  @Override
  public List<Integer> addresses() {
    return ONE_ADDRESS;
  }

  @Override
  public void run(AttackContext context) throws IOException {
    List<InetSocketAddress> ports = ListeningPorts.beside(context.node());
    context.check(
        "a node that is alone listens for clients only",
        ports.isEmpty(),
        ports.isEmpty() ? "yes" : "also on " + ports);
    if (ports.isEmpty()) {
      return;
    }
    try (RawConnections connections = RawConnections.start(context)) {
      long begun = System.nanoTime();
      long made = 0;
      while (!context.isOver()) {
        long due = (long) ((System.nanoTime() - begun) / 1e9 * PER_SECOND);
        for (; made < due && connections.count() < MOST && !context.isOver(); made++) {
          connections.open(ports.get((int) (made % ports.size())), new byte[0], true);
        }
        context.pause(TICK);
      }
      context.check(
          "silent connections of strangers are closed",
          connections.olderThan(LONGEST) == 0,
          "%d open, %d for over %d s"
              .formatted(connections.count(), connections.olderThan(LONGEST), LONGEST.toSeconds()));
    }
  }
}
