package dev.rallypoint.registration;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Locate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Finds a peer by its entity, and while that is away, by the lease books of all nodes: in a cluster
 * of one by its own.
 */
record PeerLocator(RegistrationEntities entities, LeaseQuery survey, Counters counters) {
  /**
   * Milliseconds that an entity is waited for before the lease books are asked, and asked again.
   */
  private static final long ENTITY_PATIENCE = 600;

  CompletionStage<Location> find(PeerId id) {
    CompletableFuture<Location> location = new CompletableFuture<>();
    entities
        .<Location>ask(id, Hop.LOCATE, Locate::new)
        .exceptionally(late -> Location.absent(Presence.UNAVAILABLE))
        .thenAccept(location::complete);
    lookLater(id, location);
    return location;
  }

  /** Until the entity answers or is given up: a home that is busy may miss one question. */
  private void lookLater(PeerId id, CompletableFuture<Location> location) {
    CompletableFuture.delayedExecutor(ENTITY_PATIENCE, TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (!location.isDone()) {
            lookInto(id, location);
            lookLater(id, location);
          }
        });
  }

  /** The entity's shard is moving, or its node has crashed; its peer's home need not have. */
  private void lookInto(PeerId id, CompletableFuture<Location> location) {
    survey
        .whoHolds(id)
        .thenApply(UnreadablePeer::location)
        .thenAccept(found -> {
          if (found.presence() == Presence.ONLINE && location.complete(found)) {
            counters.count(Event.PEERS_FOUND_BY_LEASE);
          }
        });
  }
}
