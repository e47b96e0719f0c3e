package dev.rallypoint.registration;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Location.Presence;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Finds a peer by its entity. While the entity does not answer, because its shard moves or its node
 * crashed, the lease books of all nodes are asked, again and again: the peer's home may be on a
 * node that lives, and may miss one question while it is busy.
 *
 * @param entity asks the entity of an id; the stage fails when that does not answer in time
 */
record PeerLocator(
    ActorSystem<?> system,
    Function<PeerId, CompletionStage<Location>> entity,
    Homes homes,
    Counters counters) {
  /** The wait for the entity before the lease books are asked, and between two such questions. */
  private static final Duration QUERY_GAP = Duration.ofMillis(600);

  /** Where a peer is; {@code UNAVAILABLE} when neither its entity nor a lease book answers. */
  CompletionStage<Location> locate(PeerId id) {
    CompletableFuture<Location> location = new CompletableFuture<>();
    entity
        .apply(id)
        .exceptionally(late -> Location.absent(Presence.UNAVAILABLE))
        .thenAccept(location::complete);
    if (!location.isDone()) {
      Cancellable queries =
          system
              .scheduler()
              .scheduleWithFixedDelay(
                  QUERY_GAP, QUERY_GAP, () -> findLease(id, location), system.executionContext());
      location.thenRun(queries::cancel);
    }
    return location;
  }

  private void findLease(PeerId id, CompletableFuture<Location> location) {
    homes
        .findLeases(id)
        .thenApply(Homes.Found::location)
        .thenAccept(found -> {
          if (found.presence() == Presence.ONLINE && location.complete(found)) {
            counters.count(Event.PEERS_FOUND_BY_LEASE);
          }
        });
  }
}
