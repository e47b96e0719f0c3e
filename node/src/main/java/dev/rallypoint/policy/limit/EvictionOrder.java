package dev.rallypoint.policy.limit;

import dev.rallypoint.policy.limit.ConnectionQuota.Occupant;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Connections by host, and the hosts by how many they have. Adding and removing costs the logarithm
 * of the number of sizes; only what is taken is searched for among the connections of its host. Not
 * safe for several threads.
 */
final class EvictionOrder {
  private final Map<PeerAddress, Set<Occupant>> byHost = new HashMap<>();
  private final NavigableMap<Integer, Set<PeerAddress>> bySize = new TreeMap<>();

  void add(PeerAddress host, Occupant occupant) {
    Set<Occupant> all = byHost.computeIfAbsent(host, key -> new HashSet<>(2));
    int before = all.size();
    if (all.add(occupant)) {
      moved(host, before, before + 1);
    }
  }

  void remove(PeerAddress host, Occupant occupant) {
    Set<Occupant> all = byHost.get(host);
    if (all != null && all.remove(occupant)) {
      moved(host, all.size() + 1, all.size());
      if (all.isEmpty()) {
        byHost.remove(host);
      }
    }
  }

  private void moved(PeerAddress host, int before, int now) {
    Set<PeerAddress> old = bySize.get(before);
    if (old != null) {
      old.remove(host);
      if (old.isEmpty()) {
        bySize.remove(before);
      }
    }
    if (now > 0) {
      bySize.computeIfAbsent(now, key -> new LinkedHashSet<>(2)).add(host);
    }
  }

  /** How many connections of a host there are. */
  int sizeOf(PeerAddress host) {
    return byHost.getOrDefault(host, Set.of()).size();
  }

  /**
   * Takes out the connection not heard for longest of the host with most.
   *
   * @param least empty unless that host has more than so many
   */
  Optional<Occupant> pollIdlestOfBusiest(int least) {
    Map.Entry<Integer, Set<PeerAddress>> busiest = bySize.lastEntry();
    if (busiest == null || busiest.getKey() <= least) {
      return Optional.empty();
    }
    PeerAddress host = busiest.getValue().iterator().next();
    Optional<Occupant> idlest = firstOf(host, Occupant::lastHeard);
    idlest.ifPresent(occupant -> remove(host, occupant));
    return idlest;
  }

  /**
   * Takes out the oldest connection of the host that has been one of those with most for longest.
   *
   * @param least empty unless that host has so many at least
   * @param openedBefore empty unless the connection was opened before, in nanoseconds
   */
  Optional<Occupant> pollOldestOfBusiest(int least, long openedBefore) {
    Map.Entry<Integer, Set<PeerAddress>> busiest = bySize.lastEntry();
    if (busiest == null || busiest.getKey() < least) {
      return Optional.empty();
    }
    PeerAddress host = busiest.getValue().iterator().next();
    Optional<Occupant> oldest =
        firstOf(host, Occupant::opened).filter(occupant -> occupant.opened() - openedBefore < 0);
    oldest.ifPresent(occupant -> remove(host, occupant));
    return oldest;
  }

  private Optional<Occupant> firstOf(PeerAddress host, ToLongFunction<Occupant> time) {
    return byHost.getOrDefault(host, Set.of()).stream()
        .min((one, other) -> Long.compare(time.applyAsLong(one) - time.applyAsLong(other), 0));
  }
}
