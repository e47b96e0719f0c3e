package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.NodeSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Silent connections to whatever a node that is alone listens on beside the ports for clients, such
 * as that for other nodes.
 */
public final class ClusterPort implements Attack {
  private static final int MOST = 4_090;
  private static final int PER_SECOND = 500;
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
      AtomicInteger turn = new AtomicInteger();
      context.repeat(
          PER_SECOND,
          () -> {
            if (connections.count() < MOST) {
              int next = turn.getAndIncrement() % ports.size();
              connections.open(ports.get(next), new byte[0], true);
            }
          });
      String observed =
          "%d open, %d for over %d s"
              .formatted(connections.count(), connections.olderThan(LONGEST), LONGEST.toSeconds());
      if (context.isOlderThan(LONGEST)) {
        context.check(
            "silent connections of strangers are closed",
            connections.olderThan(LONGEST) == 0,
            observed);
      } else {
        context.note(observed);
      }
    }
  }
}
