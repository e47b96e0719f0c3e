package dev.rallypoint.store;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/** A row to store in the place of what was seen, see {@link PeerStore#save}. */
record SaveRequest(PeerRow row, Optional<PeerRow> seen) {

  /** The 16 random bytes that hbbs gives each row. */
  static byte[] newGuid() {
    UUID uuid = UUID.randomUUID();
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
