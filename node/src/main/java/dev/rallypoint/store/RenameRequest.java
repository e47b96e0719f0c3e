package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.Optional;

/** The arguments of {@link PeerStore#rename}, and its rules. */
record RenameRequest(PeerId from, PeerId to, ByteString uuid) {

  /**
   * The result, where nothing is to be changed. Empty where the row of the old id is to be renamed,
   * and a row of the new id, which is the device's own then, is to be deleted first.
   *
   * @param owner the uuid stored with the old id
   * @param taken the uuid stored with the new id
   */
  Optional<RenameResult> settled(Optional<ByteString> owner, Optional<ByteString> taken) {
    Optional<ByteString> device = Optional.of(uuid);
    if (taken.equals(device) && (owner.isEmpty() || from.equals(to))) {
      return Optional.of(RenameResult.DONE); // a repeated request, after a lost answer
    }
    if (!owner.equals(device)) {
      return Optional.of(RenameResult.NOT_OWNED);
    }
    return taken.isPresent() && !taken.equals(device)
        ? Optional.of(RenameResult.TAKEN)
        : Optional.empty();
  }
}
