package dev.rallypoint.loadtest.load;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The health check of a load balancer: connects to TCP port 21116 of each node every second. A node
 * that refuses, or does not answer for a second, gets no clients until it accepts a connection
 * again. It is not told when a node is going to stop.
 */
public final class HealthCheck implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final NodeBalancer nodes;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean closed;

  private HealthCheck(NodeBalancer nodes) {
    this.nodes = nodes;
  }

  /** Starts to check, with one thread for each node. */
  public static HealthCheck start(NodeBalancer nodes, ExecutorService threads) {
    HealthCheck check = new HealthCheck(nodes);
    for (int node = 1; node <= nodes.size(); node++) {
      int checked = node;
      threads.execute(() -> check.run(checked));
    }
    return check;
  }

  private void run(int node) {
    // Parking returns at once on an interrupted thread, so the loop must test for it.
    while (!closed && !Thread.currentThread().isInterrupted()) {
      boolean isHealthy = connects(node);
      if (!isHealthy && !nodes.isUnhealthy(node)) {
        failures.incrementAndGet();
      }
      nodes.onHealthChecked(node, isHealthy);
      LockSupport.parkNanos(PERIOD.toNanos());
    }
    nodes.onHealthChecked(node, true); // the check has ended
  }

  private boolean connects(int node) {
    try (Socket socket = new Socket()) {
      socket.connect(nodes.idServer(node), (int) PERIOD.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** How often a node changed from healthy to unhealthy. */
  public int failures() {
    return failures.get();
  }

  @Override
  public void close() {
    closed = true;
  }
}
