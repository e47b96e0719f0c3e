package dev.rallypoint.loadtest.load;

import dev.rallypoint.loadtest.environment.NodeProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The load balancer between clients and nodes. New TCP connections go to the nodes in turn; a node
 * that refused a connection gets none for 3 s. UDP stays at its node until the client changes to
 * another one. A node that fails a {@link HealthCheck} gets neither. Nodes are numbered from 1.
 */
public final class NodeBalancer {
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(3);

  private final List<InetAddress> addresses;
  private final int port;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicLongArray unusedUntil;
  private final Set<Integer> unhealthy = ConcurrentHashMap.newKeySet();

  /**
   * @param addresses the address of each node
   */
  public NodeBalancer(List<String> addresses) {
    this(addresses, NodeProcess.PORT);
  }

  /**
   * @param addresses the address of each node
   * @param port the port of the ID servers, which the port of the relays follows
   */
  public NodeBalancer(List<String> addresses, int port) {
    this.port = port;
    this.addresses = addresses.stream().map(InetAddress::ofLiteral).toList();
    this.unusedUntil = new AtomicLongArray(addresses.size());
    long past = System.nanoTime();
    for (int i = 0; i < addresses.size(); i++) {
      unusedUntil.set(i, past);
    }
  }

  /** How many nodes there are. */
  public int size() {
    return addresses.size();
  }

  /** Records the result of a health check. */
  void onHealthChecked(int node, boolean isHealthy) {
    if (isHealthy) {
      unhealthy.remove(node);
    } else {
      unhealthy.add(node);
    }
  }

  /** The node for the next new connection. */
  public int next() {
    return after(turn.getAndUpdate(n -> (n + 1) % addresses.size()) + 1);
  }

  /** The node to use after one that does not answer. */
  public int after(int node) {
    int candidate = node;
    for (int i = 0; i < addresses.size(); i++) {
      candidate = candidate % addresses.size() + 1;
      if (isUsed(candidate)) {
        return candidate;
      }
    }
    return node % addresses.size() + 1;
  }

  /** Whether a node failed its last health check. */
  boolean isUnhealthy(int node) {
    return unhealthy.contains(node);
  }

  private boolean isUsed(int node) {
    return !isUnhealthy(node) && unusedUntil.get(node - 1) - System.nanoTime() <= 0;
  }

  /** Records that a node refused a connection. */
  void onRefused(int node) {
    unusedUntil.set(node - 1, System.nanoTime() + AFTER_REFUSAL.toNanos());
  }

  /** The address of the ID server of a node. */
  InetSocketAddress idServer(int node) {
    return new InetSocketAddress(addresses.get(node - 1), port);
  }

  /** The address of the relay of a node. */
  InetSocketAddress relay(int node) {
    return new InetSocketAddress(addresses.get(node - 1), port + 1);
  }

  /** The node with this address, or 0. */
  int numberOf(InetAddress address) {
    return addresses.indexOf(address) + 1;
  }
}
