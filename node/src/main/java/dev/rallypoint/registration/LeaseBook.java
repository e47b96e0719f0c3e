package dev.rallypoint.registration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The peers at home on this node, and when each was last heard. A heartbeat that a lease covers is
 * answered here; the entity hears of changes, and of a slow renewal that keeps both in step. A
 * lease has the epoch that the entity gave to it: between two, the greater one is right.
 *
 * <p>Safe for all threads. Times are milliseconds of a monotonic clock.
 */
public final class LeaseBook {
  /** Milliseconds between two tries to renew a lease, when its entity does not answer. */
  private static final long RETRY = 30_000;

  private static final int MOST_REVOKED = 10_000;
  private static final Duration REVOKED_FOR = Duration.ofSeconds(10);

  private final ConcurrentMap<PeerId, Lease> leases = new ConcurrentHashMap<>();
  private final long node;
  private final long offlineAfter;
  private final long renewAfter;

  /**
   * Ids whose leases were revoked a moment ago: what was granted before may still be on its way.
   */
  private final Cache<PeerId, Long> revoked =
      Caffeine.newBuilder()
          .maximumSize(MOST_REVOKED)
          .expireAfterWrite(REVOKED_FOR)
          .executor(Runnable::run)
          .build();

  /**
   * @param node this node's life
   * @param offlineAfter milliseconds without a heartbeat after which a peer is offline
   * @param renewAfter milliseconds after which the entity is to be asked again
   */
  public LeaseBook(long node, long offlineAfter, long renewAfter) {
    this.node = node;
    this.offlineAfter = offlineAfter;
    this.renewAfter = renewAfter;
  }

  /** A peer whose heartbeats stopped. */
  record Lapse(PeerId id, Home home, long epoch) {}

  /** What a heartbeat comes to. */
  enum Beat {
    /** A lease covers it: same address, heard lately, confirmed lately. */
    COVERED,
    /** The same, but the entity is to be asked beside it: it was confirmed long ago. */
    DUE,
    /** The entity decides. */
    UNCOVERED
  }

  /** What a link's word that it is alive comes to. */
  enum Renewal {
    /** The lease is the link's. */
    COVERED,
    /** The entity is to be asked: there is no lease, or it was confirmed long ago. */
    ASK,
    /** The peer is at home elsewhere on this node. */
    ELSEWHERE
  }

  /** Takes a heartbeat. */
  Beat beat(PeerId id, PeerAddress from, long now) {
    Lease lease = leases.get(id);
    if (lease == null
        || lease.isLink
        || !lease.address.equals(from)
        || now - lease.heardAt > offlineAfter) {
      return Beat.UNCOVERED;
    }
    if (now - lease.renewAt <= 0) {
      lease.heardAt = now;
      return Beat.COVERED;
    }
    if (now - lease.confirmedAt > 2 * renewAfter) {
      return Beat.UNCOVERED;
    }
    lease.heardAt = now;
    lease.renewAt = now + RETRY;
    return Beat.DUE;
  }

  /** The entity has confirmed that the peer is at home here. */
  void confirm(
      PeerId id, PeerAddress address, ActorRef<Push> home, long epoch, ByteString key, long now) {
    put(id, new Lease(address, home, epoch, key, now, now + renewAfter, false));
  }

  /** The same for a peer whose home is a link: it is online until the link is left. */
  void hold(
      PeerId id, PeerAddress address, ActorRef<Push> home, long epoch, ByteString key, long now) {
    put(id, new Lease(address, home, epoch, key, now, now + renewAfter, true));
  }

  private void put(PeerId id, Lease lease) {
    leases.compute(
        id,
        (same, old) -> {
          Long displaced = revoked.getIfPresent(id);
          boolean late = displaced != null && displaced > lease.epoch;
          return late || old != null && old.epoch > lease.epoch ? old : lease;
        });
  }

  /** The peer's link is gone; does nothing where the peer is at home elsewhere. */
  public void leave(PeerId id, ActorRef<Push> home) {
    leases.computeIfPresent(id, (same, lease) -> lease.home.equals(home) ? null : lease);
  }

  /** A link says that it is alive. */
  Renewal renew(PeerId id, ActorRef<Push> home, long now) {
    Lease lease = leases.get(id);
    if (lease == null) {
      return Renewal.ASK;
    }
    if (!lease.home.equals(home)) {
      return Renewal.ELSEWHERE;
    }
    return now - lease.renewAt > 0 ? Renewal.ASK : Renewal.COVERED;
  }

  /** The peer has a newer home elsewhere: a lease of an older epoch ends. */
  void revoke(PeerId id, long epoch) {
    revoked.put(id, epoch);
    leases.computeIfPresent(id, (same, lease) -> lease.epoch < epoch ? null : lease);
  }

  /** The entity does not confirm a lease of this epoch, or of an older one. */
  void end(PeerId id, long epoch) {
    leases.computeIfPresent(id, (same, lease) -> lease.epoch <= epoch ? null : lease);
  }

  /** The epoch of the peer's lease, or 0 when it has none. */
  long epochOf(PeerId id) {
    Lease lease = leases.get(id);
    return lease == null ? 0 : lease.epoch;
  }

  /** Whether the peer is at home here and was heard lately. */
  public boolean isOnline(PeerId id, long now) {
    Lease lease = leases.get(id);
    return lease != null && isHeard(lease, now);
  }

  /** The lease of a peer that is at home here and was heard lately. */
  Optional<LeaseAnswer> held(PeerId id, long now) {
    Lease lease = leases.get(id);
    return lease == null || !isHeard(lease, now)
        ? Optional.empty()
        : Optional.of(LeaseAnswer.by(homeOf(lease), lease.epoch, lease.key));
  }

  /** Removes peers that were not heard lately, at most so many, and tells which. */
  List<Lapse> sweep(long now, int most) {
    List<Lapse> lapsed = new ArrayList<>();
    for (Map.Entry<PeerId, Lease> entry : leases.entrySet()) {
      if (lapsed.size() == most) {
        break; // the others are offline all the same
      }
      Lease lease = entry.getValue();
      if (!isHeard(lease, now) && leases.remove(entry.getKey(), lease)) {
        lapsed.add(new Lapse(entry.getKey(), homeOf(lease), lease.epoch));
      }
    }
    return lapsed;
  }

  /** The ids of all peers at home here; those that come and go meanwhile may be among them. */
  Iterator<PeerId> ids() {
    return leases.keySet().iterator();
  }

  /** How many peers are at home here. */
  public int size() {
    return leases.size();
  }

  private boolean isHeard(Lease lease, long now) {
    return lease.isLink || now - lease.heardAt <= offlineAfter;
  }

  private Home homeOf(Lease lease) {
    return new Home(lease.address, lease.home, node);
  }

  private static final class Lease {
    final PeerAddress address;
    final ActorRef<Push> home;
    final long epoch;
    final ByteString key;
    final long confirmedAt;
    final boolean isLink;
    volatile long renewAt;
    volatile long heardAt;

    Lease(
        PeerAddress address,
        ActorRef<Push> home,
        long epoch,
        ByteString key,
        long now,
        long renewAt,
        boolean isLink) {
      this.address = address;
      this.home = home;
      this.epoch = epoch;
      this.key = key;
      this.confirmedAt = now;
      this.heardAt = now;
      this.renewAt = renewAt;
      this.isLink = isLink;
    }
  }
}
