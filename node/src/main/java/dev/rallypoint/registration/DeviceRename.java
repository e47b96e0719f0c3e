package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.Renamed;
import dev.rallypoint.registration.gate.RegistrationGate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives a device's row another id: the old id's entity judges whether this sender may do it, the
 * new id's entity takes the row over, and the old one lets go.
 */
record DeviceRename(RegistrationEntities entities, LeaseBook leases, RegistrationGate gate) {

  /** Fails when an entity does not answer in time. */
  CompletionStage<Result> rename(PeerId oldId, PeerId newId, RegisterPk message, PeerAddress from) {
    if (gate.refusal(oldId).isPresent() || gate.refusal(newId).isPresent()) {
      return CompletableFuture.completedStage(Result.NOT_SUPPORT);
    }
    ByteString uuid = message.getUuid();
    return entities
        .<Renamed>ask(
            oldId,
            Hop.REGISTER,
            replyTo -> new PeerCommand.JudgeRename(uuid, message.getPk(), from, replyTo))
        .thenCompose(judged ->
            judged.result() == Result.OK
                ? entities.<Renamed>ask(
                    newId, Hop.REGISTER, replyTo -> new PeerCommand.Rename(oldId, uuid, replyTo))
                : CompletableFuture.completedStage(judged))
        .thenCompose(renamed -> {
          if (renamed.result() != Result.OK || oldId.equals(newId)) {
            return CompletableFuture.completedStage(renamed);
          }
          // An entity that has just started does not know the lease, and cannot revoke it.
          leases.end(oldId, PeerCommand.ANY_EPOCH);
          return entities.<Renamed>ask(oldId, Hop.REGISTER, PeerCommand.Release::new);
        })
        .thenApply(Renamed::result);
  }
}
