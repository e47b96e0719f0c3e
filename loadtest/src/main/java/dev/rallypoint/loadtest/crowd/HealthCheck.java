package dev.rallypoint.loadtest.crowd;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A balancer's health check: connects to the ID server's TCP port of each node every second. A node
 * that refuses, or says nothing for a second, gets no clients until it takes a connection again.
 * Nobody tells it what is going to happen.
 */
public final class HealthCheck implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Nodes nodes;
  private final AtomicInteger leftOut = new AtomicInteger();
  private volatile boolean closed;

  private HealthCheck(Nodes nodes) {
    this.nodes = nodes;
  }

  /** Begins to check. */
  public static HealthCheck begin(Nodes nodes, ExecutorService threads) {
    HealthCheck check = new HealthCheck(nodes);
    for (int node = 1; node <= nodes.size(); node++) {
      int checked = node;
      threads.execute(() -> check.run(checked));
    }
    return check;
  }

  private void run(int node) {
    // An interrupted thread does not park: without this look it would spin.
    while (!closed && !Thread.currentThread().isInterrupted()) {
      boolean isHealthy = connects(node);
      if (!isHealthy && !nodes.isUnhealthy(node)) {
        leftOut.incrementAndGet();
      }
      nodes.checked(node, isHealthy);
      LockSupport.parkNanos(PERIOD.toNanos());
    }
    nodes.checked(node, true); // nobody looks any more
  }

  private boolean connects(int node) {
    try (Socket socket = new Socket()) {
      socket.connect(nodes.ids(node), (int) PERIOD.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** How often a node was left out. */
  public int leftOut() {
    return leftOut.get();
  }

  @Override
  public void close() {
    closed = true;
  }
}
