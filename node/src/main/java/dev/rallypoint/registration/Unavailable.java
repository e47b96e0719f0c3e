package dev.rallypoint.registration;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerRegistration.Command;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An id whose row cannot be read: it says so to all who ask, until its entity has left. */
final class Unavailable {
  private Unavailable() {}

  static Behavior<Command> behavior() {
    return Behaviors.receiveMessage(command -> {
      switch (command) {
        case PeerRegistration.Register register ->
            register.replyTo().tell(Registered.judged(Result.SERVER_ERROR));
        case PeerRegistration.Locate locate ->
            locate.replyTo().tell(Location.absent(Presence.UNAVAILABLE));
        case IdChange.Adopt adopt ->
            adopt.replyTo().tell(new IdChange.Changed(Result.SERVER_ERROR));
        case IdChange.Release release ->
            release.replyTo().tell(new IdChange.Changed(Result.OK)); // it knows nothing to forget
        case PeerRegistration.Stop stop -> {
          return Behaviors.stopped();
        }
        // A heartbeat gets no answer: yes would be a lie, and the client asks again in 3 s.
        default -> {}
      }
      return Behaviors.same();
    });
  }
}
