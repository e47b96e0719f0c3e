package dev.rallypoint.loadtest.crowd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The nodes as clients see them, behind one name: new TCP connections go to each in turn, and a
 * node that refused one is left out for some seconds. What goes over UDP stays at its node until
 * the client itself judges it dead. Where a {@link HealthCheck} runs, a node that fails it gets
 * nothing more of both.
 */
public final class Nodes {
  /** The ID server's port. */
  public static final int PORT = 21116;

  /** The relay's port. */
  public static final int RELAY_PORT = 21117;

  private static final Duration LEFT_OUT = Duration.ofSeconds(3);

  private final List<InetAddress> addresses;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicLongArray awayUntil;
  private final Set<Integer> unhealthy = ConcurrentHashMap.newKeySet();

  /**
   * @param addresses one of each node
   */
  public Nodes(List<String> addresses) {
    this.addresses = addresses.stream().map(InetAddress::ofLiteral).toList();
    this.awayUntil = new AtomicLongArray(addresses.size());
    long past = System.nanoTime();
    for (int i = 0; i < addresses.size(); i++) {
      awayUntil.set(i, past);
    }
  }

  /** How many there are. */
  public int size() {
    return addresses.size();
  }

  /** A node, the first one is 1, was found to take connections or not to. */
  void checked(int node, boolean isHealthy) {
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

  /** The node that comes after one that does not answer. */
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
    return !isUnhealthy(node) && awayUntil.get(node - 1) - System.nanoTime() <= 0;
  }

  /** A node refused a connection. */
  void refused(int node) {
    awayUntil.set(node - 1, System.nanoTime() + LEFT_OUT.toNanos());
  }

  /** Where a node serves ids. */
  InetSocketAddress ids(int node) {
    return new InetSocketAddress(addresses.get(node - 1), PORT);
  }

  /** Where a node relays. */
  InetSocketAddress relay(int node) {
    return new InetSocketAddress(addresses.get(node - 1), RELAY_PORT);
  }

  /** The node with an address, or 0. */
  int at(InetAddress address) {
    return addresses.indexOf(address) + 1;
  }
}
