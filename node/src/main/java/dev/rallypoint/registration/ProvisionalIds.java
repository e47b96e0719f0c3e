package dev.rallypoint.registration;

import dev.rallypoint.config.NewIdLimits;
import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Reading;
import dev.rallypoint.policy.limit.NewIdBudget;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The provisional ids whose entities are on this node: the bound on their number, since each is an
 * entity in memory. When there is no room the oldest is evicted; one host has at most a quarter of
 * the places. Safe for all threads.
 */
final class ProvisionalIds {
  /** About what an entity and its lease take. */
  private static final int BYTES_EACH = 3 << 10;

  private static final int LEAST = 1_000;
  private static final int MOST = 50_000;

  private final int places;
  private final int placesPerHost;
  private final NewIdBudget stored;
  private final Counters counters;
  private final LinkedHashMap<PeerId, Place> byAge = new LinkedHashMap<>();
  private final Map<PeerAddress, LinkedHashSet<PeerId>> byHost = new HashMap<>();

  private record Place(PeerAddress host, ActorRef<PeerCommand> entity) {}

  ProvisionalIds(NewIdLimits limits, long maxHeap, Counters counters) {
    this.places = limits.provisional() > 0 ? limits.provisional() : shareOf(maxHeap);
    this.placesPerHost = Math.max(1, places / 4);
    this.stored =
        new NewIdBudget(
            limits.perSecond(), Math.max(limits.burst(), limits.perSecond()), Integer.MAX_VALUE);
    this.counters = counters;
  }

  /** The places of a node, whose number that are taken is a gauge. */
  static ProvisionalIds of(NewIdLimits limits, Counters counters) {
    ProvisionalIds ids = new ProvisionalIds(limits, Runtime.getRuntime().maxMemory(), counters);
    counters.gauge(Reading.PROVISIONAL_IDS, ids::size);
    return ids;
  }

  /** A quarter of the heap at most. */
  private static int shareOf(long maxHeap) {
    return Math.clamp(maxHeap / 4 / BYTES_EACH, LEAST, MOST);
  }

  /** Takes a place for an id, where its entity has none yet; the entity evicted for it is told. */
  void hold(PeerId id, PeerAddress source, ActorRef<PeerCommand> entity) {
    evictedFor(id, source.network(), entity)
        .forEach(evicted -> evicted.tell(PeerCommand.Evicted.INSTANCE));
  }

  private synchronized List<ActorRef<PeerCommand>> evictedFor(
      PeerId id, PeerAddress host, ActorRef<PeerCommand> entity) {
    List<ActorRef<PeerCommand>> evicted = new ArrayList<>(1);
    remove(id); // of an earlier entity of this id
    Set<PeerId> ofHost = byHost.getOrDefault(host, new LinkedHashSet<>());
    Place lost = null;
    if (ofHost.size() >= placesPerHost) {
      lost = remove(ofHost.iterator().next());
    } else if (byAge.size() >= places) {
      lost = remove(byAge.firstEntry().getKey());
    }
    if (lost != null) {
      counters.dropped(DropReason.PROVISIONAL_EVICTED, lost.host, Way.DATAGRAM);
      evicted.add(lost.entity);
    }
    byAge.put(id, new Place(host, entity));
    byHost.computeIfAbsent(host, h -> new LinkedHashSet<>()).add(id);
    return evicted;
  }

  private @Nullable Place remove(PeerId id) {
    Place place = byAge.remove(id);
    if (place != null) {
      byHost.computeIfPresent(
          place.host, (host, ids) -> ids.remove(id) && ids.isEmpty() ? null : ids);
    }
    return place;
  }

  /** The entity's peer is stored, or gone. */
  synchronized void release(PeerId id, ActorRef<PeerCommand> entity) {
    Place place = byAge.get(id);
    if (place != null && place.entity.equals(entity)) {
      remove(id);
    }
  }

  /** Whether one that has kept beating may be stored now; counted when it may. */
  boolean admitsStored(long nowMillis) {
    return stored.take(nowMillis);
  }

  /** The places that are taken. */
  synchronized int size() {
    return byAge.size();
  }
}
