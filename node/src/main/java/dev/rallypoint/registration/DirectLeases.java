package dev.rallypoint.registration;

import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.time.Ticker;
import java.util.List;
import java.util.Optional;

/**
 * Decides on heartbeats by the stored rows, without the ids' entities, on a node that is alone. The
 * result is as if the entity had started, had read the row and the leases, had answered, and had
 * gone without a trace: an entity that starts later finds the lease in the lease book.
 *
 * <p>An entity that starts at the same time marks itself as running before it reads the lease book,
 * and here the lease is in the book before the mark is looked for again: one of them sees the
 * other. Safe for all threads.
 */
record DirectLeases(RegistrationEntities entities, LeaseBook leases, Ticker clock) {

  /** What is decided about a heartbeat. */
  sealed interface Answer {
    /** The entity runs, or there are other nodes, or the peer has a home: the entity decides. */
    record AskEntity() implements Answer {}

    /** Another heartbeat of the peer has brought it a lease meanwhile. */
    record Covered() implements Answer {}

    /** The peer must send its key. */
    record KeyRequired() implements Answer {}

    /** The peer gets this lease. */
    record Granted(Lease lease) implements Answer {}
  }

  private static final Answer ASK_ENTITY = new Answer.AskEntity();
  private static final Answer COVERED = new Answer.Covered();
  private static final Answer KEY_REQUIRED = new Answer.KeyRequired();

  /** Decides on a heartbeat to this home, by the row that was read after it had come. */
  Answer answer(PeerId id, Home home, Optional<PeerRow> row) {
    if (entities.mayRun(id)) {
      return ASK_ENTITY;
    }
    long now = clock.millis();
    if (leases.find(id, now).isPresent()) {
      return leases.heartbeat(id, home.address(), home.writer(), now).isCovered()
          ? COVERED
          : ASK_ENTITY;
    }
    PeerState stored = PeerState.EMPTY.with(row);
    if (stored.requiresKey(home)) {
      return KEY_REQUIRED;
    }
    long epoch = stored.register(new Contact(home, leases.epochOf(id)), now).next().epoch();
    return new Answer.Granted(new Lease(home, epoch, stored.key()));
  }

  /** Tells an entity that has started meanwhile of a lease that was granted. */
  void tellIfLive(PeerId id, Lease lease) {
    entities.tell(id, Hop.ANNOUNCE, new PeerCommand.Announce(lease.home(), lease.epoch()));
  }

  /** Where a peer is that is at home here, if no entity knows better. */
  Optional<Location> locate(PeerId id) {
    if (entities.mayRun(id)) {
      return Optional.empty();
    }
    return leases
        .find(id, clock.millis())
        .map(lease -> new Homes.Found(List.of(lease), true).location())
        .filter(location -> location.presence() == Location.Presence.ONLINE);
  }
}
