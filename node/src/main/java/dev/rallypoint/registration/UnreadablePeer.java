package dev.rallypoint.registration;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The entity of an id whose row could not be read: it answers {@code SERVER_ERROR} until it has
 * passivated. A peer that has a lease on some node is found nevertheless.
 */
final class UnreadablePeer {
  private UnreadablePeer() {}

  static Behavior<PeerCommand> behavior(
      PeerId id, Homes homes, Supplier<Behavior<PeerCommand>> stop) {
    return Behaviors.receiveMessage(command -> {
      switch (command) {
        case PeerCommand.Register register ->
            register.replyTo().tell(PeerCommand.RegisterAnswer.refused(Result.SERVER_ERROR));
        case PeerCommand.Locate locate ->
            homes
                .findLeases(id)
                .thenApply(Homes.Found::location)
                .exceptionally(busy -> Location.absent(Presence.UNAVAILABLE))
                .thenAccept(locate.replyTo()::tell);
        case PeerCommand.Rename rename ->
            rename.replyTo().tell(new PeerCommand.Renamed(Result.SERVER_ERROR));
        case PeerCommand.JudgeRename judge ->
            judge.replyTo().tell(new PeerCommand.Renamed(Result.SERVER_ERROR));
        case PeerCommand.LetGo letGo -> letGo.replyTo().tell(new PeerCommand.LetGone(false));
        case PeerCommand.Free free ->
            free.replyTo().tell(new PeerCommand.Freed(FreeOutcome.UNAVAILABLE));
        case PeerCommand.Release release -> // there is nothing to forget
            release.replyTo().tell(new PeerCommand.Renamed(Result.OK));
        case PeerCommand.Stop _ -> {
          return stop.get();
        }
        // A heartbeat gets no answer: the client sends the next one in 3 s.
        default -> {}
      }
      return Behaviors.same();
    });
  }
}
