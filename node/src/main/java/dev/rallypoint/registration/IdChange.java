package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.RenameResult;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A device takes another id. The new id's entity has the row renamed, between its own savings, so
 * that no two devices get one id; the old id's entity then forgets what it knew.
 */
final class IdChange {
  private IdChange() {}

  /** To the new id's entity: take over the row of this device's old id. */
  record Adopt(PeerId oldId, ByteString uuid, ActorRef<Changed> replyTo)
      implements PeerCommand, ClusterMessage {}

  /** To the old id's entity: the id is nobody's any more. */
  record Release(ActorRef<Changed> replyTo) implements PeerCommand, ClusterMessage {}

  /** What became of it. */
  record Changed(Result result) implements ClusterMessage {}

  /** A renaming, and the row of the new id after it. */
  record Adopted(Result result, Optional<PeerRow> row) {}

  static CompletionStage<Adopted> rename(PeerStore store, PeerId to, Adopt adopt) {
    return store
        .rename(adopt.oldId, to, adopt.uuid)
        .thenCompose(
            renaming -> store.find(to).thenApply(row -> new Adopted(resultOf(renaming), row)));
  }

  private static Result resultOf(RenameResult renaming) {
    return switch (renaming) {
      case DONE -> Result.OK;
      case TAKEN -> Result.ID_EXISTS;
      // The client has no text for it, which is as it should be: no client does this.
      case NOT_OWNED -> Result.UUID_MISMATCH;
    };
  }
}
