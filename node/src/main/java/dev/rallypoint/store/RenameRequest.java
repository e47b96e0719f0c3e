package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.Optional;

/** A device's wish for another id, see {@link PeerStore#rename}. */
record RenameRequest(PeerId from, PeerId to, ByteString uuid) {

  /**
   * What becomes of it, where nothing is left to do; empty when the row of the old id, if need be
   * after the device's own row of the new id is deleted, is to be given the new id.
   *
   * @param owner the uuid stored with the old id
   * @param taken the uuid stored with the new id
   */
  Optional<RenameResult> settled(Optional<ByteString> owner, Optional<ByteString> taken) {
    Optional<ByteString> device = Optional.of(uuid);
    if (taken.equals(device) && (owner.isEmpty() || from.equals(to))) {
      return Optional.of(RenameResult.DONE); // asked once more, because the answer was lost
    }
    if (!owner.equals(device)) {
      return Optional.of(RenameResult.NOT_OWNED);
    }
    return taken.isPresent() && !taken.equals(device)
        ? Optional.of(RenameResult.TAKEN)
        : Optional.empty();
  }
}
