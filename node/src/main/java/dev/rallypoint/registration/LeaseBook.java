package dev.rallypoint.registration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The leases of the peers that are registered on this node, and when each peer was last heard. A
 * heartbeat that a lease covers needs no message to the id's entity; a lease is renewed there every
 * few minutes. Of two leases of one peer the one with the greater epoch is kept.
 *
 * <p>Safe for all threads. Times are milliseconds of a monotonic clock. Bounded by the number of
 * registered peers, of which each has a row in the database.
 */
final class LeaseBook {
  /** Milliseconds until a renewal that the entity did not answer is tried again. */
  private static final long RETRY = 30_000;

  /** Milliseconds after which an answer is late: the peer may have moved since it was heard. */
  private static final long LATE = RegistrationEntities.TIMEOUT.toMillis();

  /** The time of {@link Entry#heardAt} of a lease that was swept out, before it leaves the map. */
  private static final long SWEPT = Long.MIN_VALUE;

  private static final int MAX_ENDED = 10_000;

  /** A lease may be on its way here for as long as its answer is awaited. */
  private static final Duration ENDED_FOR = RegistrationEntities.LATE_TIMEOUT.plusSeconds(5);

  private final ConcurrentMap<PeerId, Entry> leases = new ConcurrentHashMap<>();
  private final long offlineAfter;
  private final long renewAfter;

  /**
   * Epochs of leases that ended here lately. An older lease may still be on its way here, and the
   * report of the end on its way to the entity, which must give the next lease a greater epoch.
   */
  private final Cache<PeerId, Long> ended =
      Caffeine.newBuilder()
          .maximumSize(MAX_ENDED)
          .expireAfterWrite(ENDED_FOR)
          .executor(Runnable::run)
          .build();

  /** Milliseconds without a heartbeat until a peer is offline, and until a lease is renewed. */
  LeaseBook(long offlineAfter, long renewAfter) {
    this.offlineAfter = offlineAfter;
    this.renewAfter = renewAfter;
  }

  /** A peer that fell silent, with the lease that it had. */
  record Lapse(PeerId id, Lease lease) {}

  /** Whether a lease covers a heartbeat, and the lease where it is to be renewed now. */
  record Coverage(boolean isCovered, @Nullable Lease due) {
    static final Coverage NONE = new Coverage(false, null);
    static final Coverage FULL = new Coverage(true, null);
  }

  /**
   * Takes a heartbeat. A lease covers it when its peer has the same address and asks the same
   * address of this machine, was heard within {@code offlineAfter}, and the entity has confirmed
   * the lease within two renewals.
   *
   * @param writer what would send to the peer from where the heartbeat came to
   */
  Coverage heartbeat(PeerId id, PeerAddress from, ActorRef<Push> writer, long now) {
    Entry entry = leases.get(id);
    if (entry == null || entry.isLink || !entry.address.equals(from) || !entry.isOf(writer)) {
      return Coverage.NONE;
    }
    boolean isDue = now - entry.renewAt > 0;
    if (isDue && now - entry.confirmedAt > 2 * renewAfter || !entry.hear(now, offlineAfter)) {
      return Coverage.NONE;
    }
    if (!isDue) {
      return Coverage.FULL;
    }
    entry.renewAt = now + RETRY;
    return new Coverage(true, entry.lease);
  }

  /**
   * Takes a lease that the entity has granted, unless a newer one is known. The peer of a link is
   * online until {@link #remove}, not by heartbeats. After a late answer the first heartbeat has
   * the lease renewed.
   *
   * @param heardAt when the peer's message was received
   */
  void grant(PeerId id, Lease lease, long heardAt, long now) {
    long renewAt = now - heardAt > LATE ? now : heardAt + renewAfter;
    Entry granted = new Entry(lease, heardAt, renewAt);
    leases.compute(
        id,
        (same, old) -> {
          Long end = ended.getIfPresent(id);
          boolean isRevoked = end != null && end > lease.epoch();
          return isRevoked || old != null && old.lease.epoch() > lease.epoch() ? old : granted;
        });
  }

  /**
   * The entity has renewed a lease. It does not count as heard for that, and a lease that has ended
   * meanwhile does not come back: the report of its end follows the renewal to the entity.
   *
   * @param epoch the epoch of the lease that was to be renewed
   * @param granted its epoch from now on, which only entities of earlier versions change
   */
  void confirm(PeerId id, long epoch, long granted, long now) {
    leases.computeIfPresent(
        id,
        (same, entry) -> {
          if (entry.lease.epoch() != epoch) {
            return entry;
          }
          if (granted != epoch) {
            Lease lease = new Lease(entry.lease.home(), granted, entry.lease.key());
            return new Entry(lease, entry.heardAt, now + renewAfter);
          }
          entry.confirmedAt = now;
          entry.renewAt = now + renewAfter;
          return entry;
        });
  }

  /** Ends the lease of a peer whose connection closed, unless it is registered elsewhere now. */
  void remove(PeerId id, ActorRef<Push> writer) {
    leases.computeIfPresent(id, (same, entry) -> entry.isOf(writer) ? null : entry);
  }

  /** Ends a lease that is older than this epoch: the peer has registered elsewhere. */
  void revoke(PeerId id, long epoch) {
    ended.asMap().merge(id, epoch, Math::max);
    leases.computeIfPresent(id, (same, entry) -> entry.lease.epoch() < epoch ? null : entry);
  }

  /** Ends a lease of this epoch or of an older one: the entity did not renew it. */
  void end(PeerId id, long epoch) {
    leases.computeIfPresent(id, (same, entry) -> entry.lease.epoch() <= epoch ? null : entry);
  }

  /** Whether a peer is registered by this connection, and its lease need not be renewed yet. */
  boolean isCurrent(PeerId id, ActorRef<Push> writer, long now) {
    Entry entry = leases.get(id);
    return entry != null && entry.isOf(writer) && now - entry.renewAt <= 0;
  }

  /**
   * The epoch of the lease that a peer's connection has to renew, or 0 where it has none. Empty
   * where the lease is current or the peer is registered elsewhere on this node.
   */
  OptionalLong renewalDue(PeerId id, ActorRef<Push> writer, long now) {
    Entry entry = leases.get(id);
    if (entry == null) {
      return OptionalLong.of(0);
    }
    boolean isDue = entry.isOf(writer) && now - entry.renewAt > 0;
    return isDue ? OptionalLong.of(entry.lease.epoch()) : OptionalLong.empty();
  }

  /** The epoch of a peer's lease, or of the one that ended here last; 0 when none is known. */
  long epochOf(PeerId id) {
    Entry entry = leases.get(id);
    Long end = ended.getIfPresent(id);
    return Math.max(entry == null ? 0 : entry.lease.epoch(), end == null ? 0 : end);
  }

  /** The lease of a peer that is registered here and was heard lately. */
  Optional<Lease> find(PeerId id, long now) {
    return heard(id, now).map(entry -> entry.lease);
  }

  /** The same, for an operator. */
  Optional<PeerAtHome> show(PeerId id, long now) {
    return heard(id, now).map(entry -> entry.shown(id, now));
  }

  private Optional<Entry> heard(PeerId id, long now) {
    return Optional.ofNullable(leases.get(id)).filter(entry -> isHeard(entry, now));
  }

  /** Which of these ids are registered here and were heard lately, by their places in the list. */
  BitSet online(List<String> ids, long now) {
    return IntStream.range(0, ids.size())
        .filter(place -> PeerId.parse(ids.get(place)).flatMap(id -> find(id, now)).isPresent())
        .collect(() -> new BitSet(ids.size()), BitSet::set, BitSet::or);
  }

  /** Removes peers that fell silent, at most so many at once, and returns them. */
  List<Lapse> removeSilent(long now, int most) {
    List<Lapse> lapsed = new ArrayList<>();
    for (Map.Entry<PeerId, Entry> next : leases.entrySet()) {
      if (lapsed.size() == most) {
        break; // the others count as offline all the same
      }
      Entry entry = next.getValue();
      if (isHeard(entry, now)) {
        continue;
      }
      ended.asMap().merge(next.getKey(), entry.lease.epoch(), Math::max); // before it has ended
      if (entry.sweep(now, offlineAfter) && leases.remove(next.getKey(), entry)) {
        lapsed.add(new Lapse(next.getKey(), entry.lease));
      }
    }
    return lapsed;
  }

  /** The ids of all peers that are registered here, weakly consistent. */
  Iterator<PeerId> ids() {
    return leases.keySet().iterator();
  }

  int size() {
    return leases.size();
  }

  private boolean isHeard(Entry entry, long now) {
    return entry.isLink || isHeard(entry.heardAt, now, offlineAfter);
  }

  private static boolean isHeard(long heardAt, long now, long offlineAfter) {
    return heardAt != SWEPT && now - heardAt <= offlineAfter;
  }

  /**
   * One lease. A heartbeat and the sweep decide by one exchange of {@code heardAt} which of them
   * came first: a lease that covers a heartbeat is not swept out for the silence before.
   */
  private static final class Entry {
    private static final AtomicLongFieldUpdater<Entry> HEARD_AT =
        AtomicLongFieldUpdater.newUpdater(Entry.class, "heardAt");

    final Lease lease;
    final PeerAddress address; // the lease's, without its two indirections: read by each heartbeat
    final ActorRef<Push> writer; // likewise
    final boolean isLink;
    final long since;
    volatile long confirmedAt;
    volatile long renewAt;
    volatile long heardAt;

    Entry(Lease lease, long heardAt, long renewAt) {
      this.lease = lease;
      this.address = lease.home().address();
      this.writer = lease.home().writer();
      this.isLink = lease.home().isLink();
      this.since = heardAt;
      this.confirmedAt = heardAt;
      this.renewAt = renewAt;
      this.heardAt = heardAt;
    }

    PeerAtHome shown(PeerId id, long now) {
      return new PeerAtHome(id, address, isLink, now - since, isLink ? 0 : now - heardAt);
    }

    /** Takes a heartbeat, unless the peer was silent for too long before. */
    boolean hear(long now, long offlineAfter) {
      while (true) {
        long last = heardAt;
        if (!isHeard(last, now, offlineAfter)) {
          return false;
        }
        if (HEARD_AT.compareAndSet(this, last, now)) {
          return true;
        }
      }
    }

    /** Ends the lease of a peer that was silent for too long; true when it is to be removed. */
    boolean sweep(long now, long offlineAfter) {
      long last = heardAt;
      return !isLink
          && !isHeard(last, now, offlineAfter)
          && HEARD_AT.compareAndSet(this, last, SWEPT);
    }

    boolean isOf(ActorRef<Push> writer) {
      return this.writer == writer || this.writer.equals(writer);
    }
  }
}
