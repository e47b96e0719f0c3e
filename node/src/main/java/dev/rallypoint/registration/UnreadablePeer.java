package dev.rallypoint.registration;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An id whose row cannot be read: it says so to all who ask, until its entity has left. A peer that
 * is at home on some node is found nevertheless.
 */
final class UnreadablePeer {
  private UnreadablePeer() {}

  static Behavior<PeerCommand> behavior(PeerId id, RegistrationContext.Homes homes) {
    return Behaviors.receiveMessage(command -> {
      switch (command) {
        case PeerCommand.Register register ->
            register.replyTo().tell(Registered.refused(Result.SERVER_ERROR));
        case PeerCommand.Locate locate ->
            homes
                .survey(id)
                .thenApply(UnreadablePeer::location)
                .exceptionally(busy -> Location.absent(Presence.UNAVAILABLE))
                .thenAccept(locate.replyTo()::tell);
        case IdChange.Adopt adopt ->
            adopt.replyTo().tell(new IdChange.Changed(Result.SERVER_ERROR));
        case IdChange.Release release ->
            release.replyTo().tell(new IdChange.Changed(Result.OK)); // it knows nothing to forget
        case PeerCommand.Stop stop -> {
          return Behaviors.stopped();
        }
        // A heartbeat gets no answer: yes would be a lie, and the client asks again in 3 s.
        default -> {}
      }
      return Behaviors.same();
    });
  }

  /** Where a survey found a peer; its lease has the key that the database cannot be asked for. */
  static Location location(LeaseQuery.Found found) {
    return found
        .newest()
        .filter(held -> held.key().size() == PublicKey.LENGTH)
        .map(LeaseAnswer::location)
        .orElse(Location.absent(Presence.UNAVAILABLE));
  }
}
