package dev.rallypoint.registration;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.transport.Push;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The peers at home on this node, and when each was last heard. A heartbeat that a lease covers is
 * answered here; the entity hears of changes, and of a slow renewal that keeps both in step.
 *
 * <p>Safe for all threads. Times are milliseconds of a monotonic clock.
 */
public final class LeaseBook {
  private final ConcurrentMap<PeerId, Lease> leases = new ConcurrentHashMap<>();
  private final long offlineAfter;
  private final long renewAfter;

  /**
   * @param offlineAfter milliseconds without a heartbeat after which a peer is offline
   * @param renewAfter milliseconds after which the entity is to be asked again
   */
  public LeaseBook(long offlineAfter, long renewAfter) {
    this.offlineAfter = offlineAfter;
    this.renewAfter = renewAfter;
  }

  /** A peer whose heartbeats stopped. */
  public record Lapse(PeerId id, PeerAddress address, ActorRef<Push> home) {}

  /** What a link's word that it is alive comes to. */
  enum Renewal {
    /** The lease is the link's. */
    COVERED,
    /** The entity is to be asked: there is no lease, or it was confirmed long ago. */
    ASK,
    /** The peer is at home elsewhere on this node. */
    ELSEWHERE
  }

  /**
   * Takes a heartbeat.
   *
   * @return whether a lease covers it: same address, heard lately, confirmed lately
   */
  public boolean beat(PeerId id, PeerAddress from, long now) {
    Lease lease = leases.get(id);
    if (lease == null
        || lease.isLink
        || !lease.address.equals(from)
        || now - lease.heardAt > offlineAfter
        || now - lease.confirmedAt > renewAfter) {
      return false;
    }
    lease.heardAt = now;
    return true;
  }

  /** The entity has confirmed that the peer is at home here. */
  public void confirm(PeerId id, PeerAddress address, ActorRef<Push> home, long now) {
    leases.put(id, new Lease(address, home, now, false));
  }

  /** The same for a peer whose home is a link: it is online until the link is left. */
  public void hold(PeerId id, PeerAddress address, ActorRef<Push> home, long now) {
    leases.put(id, new Lease(address, home, now, true));
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
    return now - lease.confirmedAt > renewAfter ? Renewal.ASK : Renewal.COVERED;
  }

  /** The peer is at home elsewhere now. */
  public void revoke(PeerId id) {
    leases.remove(id);
  }

  /** Whether the peer is at home here and was heard lately. */
  public boolean isOnline(PeerId id, long now) {
    Lease lease = leases.get(id);
    return lease != null && (lease.isLink || now - lease.heardAt <= offlineAfter);
  }

  /** Removes the peers that were not heard lately, and tells which. */
  public List<Lapse> sweep(long now) {
    List<Lapse> lapsed = new ArrayList<>();
    leases.forEach((id, lease) -> {
      if (!lease.isLink && now - lease.heardAt > offlineAfter && leases.remove(id, lease)) {
        lapsed.add(new Lapse(id, lease.address, lease.home));
      }
    });
    return lapsed;
  }

  /** How many peers are at home here. */
  public int size() {
    return leases.size();
  }

  private static final class Lease {
    final PeerAddress address;
    final ActorRef<Push> home;
    final long confirmedAt;
    final boolean isLink;
    volatile long heardAt;

    Lease(PeerAddress address, ActorRef<Push> home, long now, boolean isLink) {
      this.isLink = isLink;
      this.address = address;
      this.home = home;
      this.confirmedAt = now;
      this.heardAt = now;
    }
  }
}
