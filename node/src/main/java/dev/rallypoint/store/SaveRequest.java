package dev.rallypoint.store;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/** The arguments of {@link PeerStore#save}. */
record SaveRequest(PeerRow row, Optional<PeerRow> seen) {

  /** A new value of the column {@code guid}: 16 random bytes, as hbbs writes them. */
  static byte[] newGuid() {
    UUID uuid = UUID.randomUUID();
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
