package dev.rallypoint.policy.limit;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses who gives up its places when they run short: the idlest one of the host that holds most
 * of them, and so on. One that was idle for a short time only stays, unless its host holds many.
 *
 * <p>Times are nanoseconds of one monotonic clock.
 *
 * @param leastIdle how long one must have been idle, in nanoseconds
 * @param many a host with more places than these may lose any of them
 */
public record IdlestFirst(long leastIdle, int many) {

  /**
   * One that may have to go.
   *
   * @param item what it is
   * @param hosts whose places it holds, each host once for each place
   * @param since when it was last of use
   */
  public record Candidate<T>(T item, List<PeerAddress> hosts, long since) {

    public Candidate {
      hosts = hosts.stream().map(PeerAddress::network).toList();
    }
  }

  /** Those to go so that so many places become free, or as many as may be. */
  public <T> List<T> choose(Collection<Candidate<T>> all, int places, long now) {
    List<T> chosen = new ArrayList<>();
    if (places > 0) {
      Ranking<T> ranking = new Ranking<>(all);
      for (int freed = 0; freed < places; ) {
        Optional<Candidate<T>> next = ranking.next(this, now);
        if (next.isEmpty()) {
          break;
        }
        chosen.add(next.get().item());
        freed += next.get().hosts().size();
      }
    }
    return chosen;
  }

  /** The places of one host, the idlest first. */
  private static final class Holder<T> {
    final int number;
    final Deque<Candidate<T>> byIdleness = new ArrayDeque<>();
    int places;

    Holder(int number) {
      this.number = number;
    }

    private long idlest() {
      return byIdleness.getFirst().since();
    }
  }

  /** The hosts, the one that goes first at the head. */
  private static final class Ranking<T> {
    private final Map<PeerAddress, Holder<T>> holders = new HashMap<>();
    private final Set<Candidate<T>> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    private final TreeSet<Holder<T>> order =
        new TreeSet<>(
            Comparator.<Holder<T>>comparingInt(holder -> -holder.places)
                .thenComparingLong(Holder::idlest)
                .thenComparingInt(holder -> holder.number));

    Ranking(Collection<Candidate<T>> all) {
      List<Candidate<T>> byIdleness = new ArrayList<>(all);
      byIdleness.sort(Comparator.comparingLong(Candidate::since));
      for (Candidate<T> candidate : byIdleness) {
        for (PeerAddress host : candidate.hosts()) {
          Holder<T> holder = holders.computeIfAbsent(host, key -> new Holder<>(holders.size()));
          holder.places++;
          if (holder.byIdleness.peekLast() != candidate) {
            holder.byIdleness.addLast(candidate);
          }
        }
      }
      order.addAll(holders.values());
    }

    Optional<Candidate<T>> next(IdlestFirst rule, long now) {
      while (!order.isEmpty()) {
        Holder<T> first = order.first();
        Candidate<T> idlest = first.byIdleness.getFirst();
        if (first.places > rule.many() || now - idlest.since() >= rule.leastIdle()) {
          remove(idlest);
          return Optional.of(idlest);
        }
        order.remove(first); // what else it holds was used later still
      }
      return Optional.empty();
    }

    private void remove(Candidate<T> candidate) {
      gone.add(candidate);
      for (PeerAddress host : new HashSet<>(candidate.hosts())) {
        Holder<T> holder = holders.get(host);
        if (holder != null && order.remove(holder)) {
          holder.places -= (int) candidate.hosts().stream().filter(host::equals).count();
          while (!holder.byIdleness.isEmpty() && gone.contains(holder.byIdleness.getFirst())) {
            holder.byIdleness.removeFirst();
          }
          if (!holder.byIdleness.isEmpty()) {
            order.add(holder);
          }
        }
      }
    }
  }
}
