package dev.rallypoint.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The access key that a client must send to be served ({@code licence_key} on the wire), compared
 * as text. A client without a configured key sends the built-in key of the public servers, not an
 * empty text.
 *
 * @param required the text that every client must send, or empty to serve everybody
 */
public record AccessKey(String required) {

  /** Whether everybody is served. */
  public boolean isOpen() {
    return required.isEmpty();
  }

  /**
   * Whether a client that sent this key is served. The comparison takes the same time wherever the
   * texts differ.
   */
  public boolean admits(String licenceKey) {
    return isOpen()
        || MessageDigest.isEqual(
            required.getBytes(StandardCharsets.UTF_8), licenceKey.getBytes(StandardCharsets.UTF_8));
  }

  /** A short hash of a key, by which an operator recognises it in the log; nobody can use it. */
  public static String fingerprint(String licenceKey) {
    if (licenceKey.isEmpty()) {
      return "none";
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(licenceKey.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return isOpen() ? "AccessKey[open]" : "AccessKey[" + fingerprint(required) + "]";
  }
}
