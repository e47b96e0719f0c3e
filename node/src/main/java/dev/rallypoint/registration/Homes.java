package dev.rallypoint.registration;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.registration.Location.Presence;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The nodes that peers are registered on, as the entity of an id sees them. */
interface Homes {
  /** Asks all nodes for their leases of a peer; fails when too many questions are under way. */
  CompletionStage<Found> findLeases(PeerId id);

  /** Whether a node has left the cluster for good, and all homes on it. */
  boolean isGone(long node);

  /** Has a home end its lease of a peer, when that is older than this epoch. */
  void revoke(Home home, PeerId id, long epoch);

  /** Has a home announce its peer to the id's entity, which is about to move to another node. */
  void requestAnnouncement(Home home, PeerId id);

  /** The leases of one peer, the newest first, and whether every node has answered. */
  record Found(List<Lease> leases, boolean isComplete) {
    private static final Comparator<Lease> NEWEST_FIRST =
        Comparator.comparingLong(Lease::epoch).reversed();

    static Found of(Stream<Lease> leases, boolean isComplete) {
      return new Found(leases.sorted(NEWEST_FIRST).toList(), isComplete);
    }

    /** Where the peer is by its newest lease, without asking its entity or the database. */
    Location location() {
      return leases.stream()
          .findFirst()
          .filter(lease -> lease.key().size() == PublicKey.LENGTH)
          .map(lease -> Location.online(lease.home(), lease.key()))
          .orElse(Location.absent(Presence.UNAVAILABLE));
    }
  }
}
