package dev.rallypoint.registration;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.Ticker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Decides on heartbeats by the stored rows, without the ids' entities, on a node that is alone. The
 * result is as if the entity had started, had read the row and the leases, had answered, and had
 * gone without a trace: an entity that starts later finds the lease in the lease book. So a fleet
 * that comes back costs a read of each row, in groups, and no actors.
 *
 * <p>An entity that starts at the same time marks itself as running before it reads the lease book,
 * and here the lease is in the book before the mark is looked for again: one of them sees the
 * other. Safe for all threads.
 *
 * @param granting puts a lease into the lease book
 */
record DirectLeases(
    PeerStore store,
    RegistrationEntities entities,
    LeaseBook leases,
    Granting granting,
    Counters counters,
    Ticker clock) {

  /** What is decided about a heartbeat. */
  enum Answer {
    /** The entity runs, or there are other nodes, or the peer has a home: the entity decides. */
    ASK_ENTITY,
    /** The peer has a lease for this address. */
    REGISTERED,
    /** The peer must send its key. */
    KEY_REQUIRED
  }

  /** See {@link PeerDirectory}. */
  interface Granting {
    /**
     * A lease was decided on.
     *
     * @param heardAt when the peer's message was received, in milliseconds of the clock
     */
    void grant(PeerId id, Lease lease, long heardAt);
  }

  /** Reads the row, and decides on a heartbeat to this home; fails when the database does. */
  CompletionStage<Answer> answer(PeerId id, Home home) {
    long heardAt = clock.millis();
    return store
        .find(id)
        .thenApply(row -> {
          Answer answer = answer(id, home, row, heardAt);
          if (answer != Answer.ASK_ENTITY) {
            counters.count(Event.HEARTBEATS_FROM_STORE);
          }
          return answer;
        });
  }

  private Answer answer(PeerId id, Home home, Optional<PeerRow> row, long heardAt) {
    if (entities.mayRun(id)) {
      return Answer.ASK_ENTITY;
    }
    long now = clock.millis();
    if (leases.find(id, now).isPresent()) { // by another heartbeat, or at another address
      return leases.heartbeat(id, home.address(), home.writer(), now).isCovered()
          ? Answer.REGISTERED
          : Answer.ASK_ENTITY;
    }
    PeerState stored = PeerState.EMPTY.with(row);
    if (stored.requiresKey(home)) {
      return Answer.KEY_REQUIRED;
    }
    long epoch = stored.register(new Contact(home, leases.epochOf(id)), now).next().epoch();
    granting.grant(id, new Lease(home, epoch, stored.key()), heardAt);
    entities.tell(id, Hop.ANNOUNCE, new PeerCommand.Announce(home, epoch)); // if it has started
    return Answer.REGISTERED;
  }

  /** Where a peer is that is at home here, where no entity may know better. */
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
