package dev.rallypoint.protocol.identity;

import com.google.protobuf.ByteString;

/**
 * The opaque bytes by which a device proves that an id is its own: the text of its OS machine id,
 * or its public key where there is none. A claim, not a secret: never logged.
 *
 * @param bytes 1 to {@link #MAX_LENGTH} bytes
 */
public record DeviceUuid(ByteString bytes) {
  /** Far above any machine id; bounds what one registration can store. */
  public static final int MAX_LENGTH = 256;

  public DeviceUuid {
    if (!isValid(bytes)) {
      throw new IllegalArgumentException("a device uuid of " + bytes.size() + " bytes");
    }
  }

  /** Whether these bytes can be a device uuid. */
  public static boolean isValid(ByteString bytes) {
    return !bytes.isEmpty() && bytes.size() <= MAX_LENGTH;
  }

  @Override
  public String toString() {
    return "DeviceUuid[" + bytes.size() + " bytes]";
  }
}
