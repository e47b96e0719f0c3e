package dev.rallypoint.loadtest.crowd;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A device of the crowd. Nobody opens a session to it, so its key needs no secret half: 32 bytes
 * that no other device has.
 *
 * @param id the id it registers
 * @param uuid its machine
 * @param key what it registers as its public key
 */
public record Device(String id, ByteString uuid, ByteString key) {

  /** The same words give the same device. */
  public static Device of(String id, String machine) {
    return new Device(id, ByteString.copyFromUtf8(machine), hash("key of " + machine));
  }

  private static ByteString hash(String words) {
    try {
      return ByteString.copyFrom(
          MessageDigest.getInstance("SHA-256")
              .digest(ByteString.copyFromUtf8(words).toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
