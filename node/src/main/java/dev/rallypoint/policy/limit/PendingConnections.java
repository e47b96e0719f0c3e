package dev.rallypoint.policy.limit;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;

/**
 * Bounds the connections that have not yet proven who they are. A newcomer is always taken; over a
 * limit the oldest one gives way, of the same address or of the address that has the most. So
 * whoever proves itself quickly comes in beside any number that never do. Safe for all threads.
 *
 * @param <C> a connection
 */
public final class PendingConnections<C> {
  private final int total;
  private final int perAddress;
  private final Map<InetAddress, LinkedHashSet<C>> pending = new HashMap<>();
  private int size;

  /**
   * @param total the most at once
   * @param perAddress the most of one address
   */
  public PendingConnections(int total, int perAddress) {
    this.total = total;
    this.perAddress = perAddress;
  }

  /** Takes a connection; returns the one to close for it. */
  public synchronized Optional<C> add(InetAddress address, C connection) {
    LinkedHashSet<C> own = pending.getOrDefault(address, new LinkedHashSet<>());
    Optional<C> evicted = Optional.empty();
    if (own.size() >= perAddress) {
      evicted = Optional.of(removeOldest(address));
    } else if (size >= total) {
      evicted = Optional.of(removeOldest(busiest()));
    }
    pending.computeIfAbsent(address, unused -> new LinkedHashSet<>()).add(connection);
    size++;
    return evicted;
  }

  /** The connection has proven who it is, or is closed; false when it has given way before. */
  public synchronized boolean remove(InetAddress address, C connection) {
    LinkedHashSet<C> own = pending.get(address);
    if (own == null || !own.remove(connection)) {
      return false;
    }
    size--;
    if (own.isEmpty()) {
      pending.remove(address);
    }
    return true;
  }

  private InetAddress busiest() {
    return pending.entrySet().stream()
        .max(Comparator.comparingInt(entry -> entry.getValue().size()))
        .orElseThrow()
        .getKey();
  }

  private C removeOldest(InetAddress address) {
    Iterator<C> oldestFirst = pending.getOrDefault(address, new LinkedHashSet<>()).iterator();
    C oldest = oldestFirst.next();
    remove(address, oldest);
    return oldest;
  }
}
