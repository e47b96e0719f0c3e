package dev.rallypoint.access;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * Which log-in was let to a device: what the target shows again as {@code conn_audit_ref} when it
 * reports the connection.
 *
 * @param attempt tells attempts to connect apart
 * @param user the guid of the user
 * @param token the guid of the user's log-in
 * @param atMillis when, in milliseconds since 1970
 */
public record AuditReference(long attempt, String user, String token, long atMillis) {
  private static final byte VERSION = 1;
  private static final int BYTES = 1 + 2 * Long.BYTES + 2 * 16;

  byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).put(VERSION).putLong(attempt).putLong(atMillis);
    put(bytes, UUID.fromString(user));
    put(bytes, UUID.fromString(token));
    return bytes.array();
  }

  private static void put(ByteBuffer bytes, UUID guid) {
    bytes.putLong(guid.getMostSignificantBits()).putLong(guid.getLeastSignificantBits());
  }

  static Optional<AuditReference> of(byte[] opened) {
    ByteBuffer bytes = ByteBuffer.wrap(opened);
    if (opened.length != BYTES || bytes.get() != VERSION) {
      return Optional.empty();
    }
    long attempt = bytes.getLong();
    long at = bytes.getLong();
    return Optional.of(new AuditReference(attempt, guid(bytes), guid(bytes), at));
  }

  private static String guid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }
}
