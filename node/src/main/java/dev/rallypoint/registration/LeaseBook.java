package dev.rallypoint.registration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.policy.limit.RenewalPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.transport.Push;
import dev.rallypoint.transport.datagram.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  /** About how many leases one sweep looks at, so that it takes some milliseconds. */
  private static final int SWEEP = 200_000;

  private static final Duration RENEW = Duration.ofMinutes(5);

  private static final int MAX_ENDED = 10_000;

  /** A lease may be on its way here for as long as its answer is awaited. */
  private static final Duration ENDED_FOR = RegistrationEntities.LATE_TIMEOUT.plusSeconds(5);

  private final LeaseTable leases = new LeaseTable();
  private final long offlineAfter;
  private final RenewalPace renewals;
  private volatile long node;
  private int sweepAt;

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

  /** Milliseconds without a heartbeat until a peer is offline, and how leases are renewed. */
  LeaseBook(long offlineAfter, RenewalPace renewals) {
    this.offlineAfter = offlineAfter;
    this.renewals = renewals;
  }

  /** The book of a node. A lease is renewed when it is between 5 and 7.5 minutes old. */
  static LeaseBook of(RendezvousSettings settings) {
    long renew = RENEW.toMillis();
    return new LeaseBook(
        settings.offlineAfter().toMillis(), new RenewalPace(renew, renew + renew / 2));
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
    return heartbeat(leases.get(id), from.high(), from.low(), from.port(), writer, now);
  }

  /** The same of a heartbeat that is no object. */
  Coverage heartbeat(Heartbeat heartbeat, ActorRef<Push> writer, long now) {
    return heartbeat(
        leases.get(heartbeat.idHigh(), heartbeat.idLow()),
        heartbeat.sourceHigh(),
        heartbeat.sourceLow(),
        heartbeat.sourcePort(),
        writer,
        now);
  }

  private Coverage heartbeat(
      @Nullable LeaseEntry entry, long high, long low, int port, ActorRef<Push> writer, long now) {
    if (entry == null || entry.isLink || !entry.isFrom(high, low, port) || !entry.isOf(writer)) {
      return Coverage.NONE;
    }
    boolean isDue = now - entry.renewAt > 0;
    if (isDue && now - entry.confirmedAt > 2 * renewals.from() || !entry.hear(now, offlineAfter)) {
      return Coverage.NONE;
    }
    if (!isDue || !renewals.admits(leases.size(), now)) {
      return Coverage.FULL;
    }
    entry.renewAt = now + RETRY;
    return new Coverage(true, entry.lease(node));
  }

  /**
   * Takes a lease that the entity has granted, unless a newer one is known. The peer of a link is
   * online until {@link #remove}, not by heartbeats. After a late answer the first heartbeat has
   * the lease renewed.
   *
   * @param heardAt when the peer's message was received
   */
  void grant(PeerId id, Lease lease, long heardAt, long now) {
    node = lease.home().node(); // of all leases of this book
    long renewAt = now - heardAt > LATE ? now : renewals.next(id, heardAt);
    LeaseEntry granted = LeaseEntry.of(id, lease, heardAt, renewAt);
    leases.update(
        id,
        old -> {
          Long end = ended.getIfPresent(id);
          boolean isRevoked = end != null && end > lease.epoch();
          return isRevoked || old != null && old.epoch > lease.epoch() ? old : granted;
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
    leases.update(
        id,
        entry -> {
          if (entry == null || entry.epoch != epoch) {
            return entry;
          }
          if (granted != epoch) {
            Lease old = entry.lease(node);
            Lease lease = new Lease(old.home(), granted, old.key());
            return LeaseEntry.of(id, lease, entry.heardAt, renewals.next(id, now));
          }
          entry.confirmedAt = now;
          entry.renewAt = renewals.next(id, now);
          return entry;
        });
  }

  /** Ends the lease of a peer whose connection closed, unless it is registered elsewhere now. */
  void remove(PeerId id, ActorRef<Push> writer) {
    leases.update(id, entry -> entry != null && entry.isOf(writer) ? null : entry);
  }

  /** Ends a lease that is older than this epoch: the peer has registered elsewhere. */
  void revoke(PeerId id, long epoch) {
    ended.asMap().merge(id, epoch, Math::max);
    leases.update(id, entry -> entry != null && entry.epoch < epoch ? null : entry);
  }

  /** Ends a lease of this epoch or of an older one: the entity did not renew it. */
  void end(PeerId id, long epoch) {
    leases.update(id, entry -> entry != null && entry.epoch <= epoch ? null : entry);
  }

  /** Whether a peer is registered by this connection, and its lease need not be renewed yet. */
  boolean isCurrent(PeerId id, ActorRef<Push> writer, long now) {
    LeaseEntry entry = leases.get(id);
    return entry != null && entry.isOf(writer) && now - entry.renewAt <= 0;
  }

  /**
   * The epoch of the lease that a peer's connection has to renew, or 0 where it has none. Empty
   * where the lease is current or the peer is registered elsewhere on this node.
   */
  OptionalLong renewalDue(PeerId id, ActorRef<Push> writer, long now) {
    LeaseEntry entry = leases.get(id);
    if (entry == null) {
      return OptionalLong.of(0);
    }
    boolean isDue = entry.isOf(writer) && now - entry.renewAt > 0;
    return isDue ? OptionalLong.of(entry.epoch) : OptionalLong.empty();
  }

  /** The epoch of a peer's lease, or of the one that ended here last; 0 when none is known. */
  long epochOf(PeerId id) {
    LeaseEntry entry = leases.get(id);
    Long end = ended.getIfPresent(id);
    return Math.max(entry == null ? 0 : entry.epoch, end == null ? 0 : end);
  }

  /** The lease of a peer that is registered here and was heard lately. */
  Optional<Lease> find(PeerId id, long now) {
    return heard(id, now).map(entry -> entry.lease(node));
  }

  /** The same, for an operator. */
  Optional<PeerAtHome> show(PeerId id, long now) {
    return heard(id, now).map(entry -> entry.shown(id, now));
  }

  private Optional<LeaseEntry> heard(PeerId id, long now) {
    return Optional.ofNullable(leases.get(id)).filter(entry -> entry.isHeard(now, offlineAfter));
  }

  /** Which of these ids are registered here and were heard lately, by their places in the list. */
  BitSet online(List<String> ids, long now) {
    return IntStream.range(0, ids.size())
        .filter(place -> PeerId.parse(ids.get(place)).flatMap(id -> find(id, now)).isPresent())
        .collect(() -> new BitSet(ids.size()), BitSet::set, BitSet::or);
  }

  /**
   * Removes peers that fell silent, at most so many at once, and returns them. It goes on where the
   * last call ended; in a large book one call looks at a part of the leases.
   */
  synchronized List<Lapse> removeSilent(long now, int most) {
    List<Lapse> lapsed = new ArrayList<>();
    int looked = 0;
    for (int parts = 0; parts < LeaseTable.PARTS && looked < SWEEP; parts++) {
      List<LeaseEntry> entries = leases.ofPart(sweepAt);
      looked += entries.size();
      for (LeaseEntry entry : entries) {
        if (entry.isHeard(now, offlineAfter)) {
          continue;
        }
        if (lapsed.size() == most) {
          return lapsed; // the others count as offline all the same
        }
        ended.asMap().merge(entry.id(), entry.epoch, Math::max); // before it has ended
        if (entry.sweep(now, offlineAfter) && leases.remove(entry)) {
          lapsed.add(new Lapse(entry.id(), entry.lease(node)));
        }
      }
      sweepAt = (sweepAt + 1) % LeaseTable.PARTS;
    }
    return lapsed;
  }

  /** The ids of all peers that are registered here, weakly consistent. */
  Iterator<PeerId> ids() {
    return leases.ids();
  }

  int size() {
    return leases.size();
  }
}
