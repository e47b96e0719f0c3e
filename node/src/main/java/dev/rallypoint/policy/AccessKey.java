package dev.rallypoint.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The key a client must name to be served: the wire's {@code licence_key}, compared as the exact
 * text. A client without a configured key sends the public servers' built-in key, not an empty
 * text.
 *
 * @param required the text every client must send, or empty to serve everybody
 */
public record AccessKey(String required) {

  /** Whether everybody is served. */
  public boolean isOpen() {
    return required.isEmpty();
  }

  /** Whether a client that sent this key is served; takes the same time wherever texts differ. */
  public boolean admits(String licenceKey) {
    return isOpen()
        || MessageDigest.isEqual(
            required.getBytes(StandardCharsets.UTF_8), licenceKey.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What a log may show of a key a client sent: enough for an operator to recognise which of their
   * keys it is, nothing to log in with.
   */
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
