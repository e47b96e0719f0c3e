package dev.rallypoint.registration;

import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerCommand.Freed;
import dev.rallypoint.time.Ticker;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionStage;

/** What an operator sees of the registered peers, and does to them. Safe for all threads. */
public final class PeerAdministration {
  /** The most peers that {@link #page} returns. */
  public static final int MAX_PAGE = 1_000;

  private static final Comparator<PeerId> BY_TEXT = Comparator.comparing(PeerId::value);

  private final RegistrationEntities entities;
  private final LeaseBook leases;
  private final Ticker clock;

  PeerAdministration(RegistrationEntities entities, LeaseBook leases, Ticker clock) {
    this.entities = entities;
    this.leases = leases;
    this.clock = clock;
  }

  /** A peer that is registered on this node and was heard lately. */
  public Optional<PeerAtHome> find(PeerId id) {
    return leases.show(id, clock.millis());
  }

  /**
   * Some of the peers that are registered on this node and were heard lately, in the order of their
   * ids. It looks at all of them and keeps a page in memory.
   *
   * @param after the id to begin after, or empty for the first
   * @param most how many at most, up to {@link #MAX_PAGE}
   */
  public List<PeerAtHome> page(String after, int most) {
    int size = Math.clamp(most, 1, MAX_PAGE);
    PriorityQueue<PeerId> first = new PriorityQueue<>(size + 1, BY_TEXT.reversed());
    for (Iterator<PeerId> ids = leases.ids(); ids.hasNext(); ) {
      PeerId id = ids.next();
      if (id.value().compareTo(after) > 0) {
        first.add(id);
        if (first.size() > size) {
          first.remove();
        }
      }
    }
    return first.stream().sorted(BY_TEXT).flatMap(id -> find(id).stream()).toList();
  }

  /**
   * Deletes the row of an id, with its uuid and key, through the id's entity. A peer that is online
   * under it is asked for its key at its next heartbeat, and may register again as a new one.
   *
   * @param evenOnline whether that is done to a peer that is online too
   */
  public CompletionStage<FreeOutcome> free(PeerId id, boolean evenOnline) {
    return entities
        .<Freed>ask(id, Hop.FREE, replyTo -> new PeerCommand.Free(evenOnline, replyTo))
        .handle((answer, failure) -> answer == null ? FreeOutcome.UNAVAILABLE : answer.outcome());
  }
}
