package dev.rallypoint.protocol.identity;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A 32-byte Ed25519 public key: a peer's own, or the server's, whose base64 text is what users call
 * "the key".
 *
 * @param bytes 32 bytes
 */
public record PublicKey(ByteString bytes) {
  /** Bytes of a key. */
  public static final int LENGTH = 32;

  public PublicKey {
    if (bytes.size() != LENGTH) {
      throw new IllegalArgumentException("a public key of " + bytes.size() + " bytes");
    }
  }

  /** The key in base64 text, or empty when the text is not base64 of 32 bytes. */
  public static Optional<PublicKey> parse(String base64) {
    try {
      byte[] decoded = Base64.getDecoder().decode(base64.strip());
      return decoded.length == LENGTH
          ? Optional.of(new PublicKey(ByteString.copyFrom(decoded)))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The base64 text that users paste into a client. */
  public String text() {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * Opens a combined signature ({@code 64-byte signature || message}) made with this key's secret.
   *
   * @return the message, or empty when the signature is not this key's
   */
  public Optional<byte[]> openSigned(ByteString signed) {
    if (signed.size() < Ed25519.SIGNATURE_SIZE) {
      return Optional.empty();
    }
    byte[] all = signed.toByteArray();
    int length = all.length - Ed25519.SIGNATURE_SIZE;
    boolean genuine =
        Ed25519.verify(all, 0, bytes.toByteArray(), 0, all, Ed25519.SIGNATURE_SIZE, length);
    return genuine
        ? Optional.of(Arrays.copyOfRange(all, Ed25519.SIGNATURE_SIZE, all.length))
        : Optional.empty();
  }

  /** Enough to tell two keys apart in a log; the server's whole key is what lets clients in. */
  @Override
  public String toString() {
    return "PublicKey[" + text().substring(0, 8) + "...]";
  }
}
