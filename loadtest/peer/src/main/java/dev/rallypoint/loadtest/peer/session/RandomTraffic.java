package dev.rallypoint.loadtest.peer.session;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Sends random bytes over a session, or receives bytes from it, and hashes them. */
final class RandomTraffic {
  private RandomTraffic() {}

  /**
   * The traffic of one direction.
   *
   * @param digest the SHA-256 of all bytes
   * @param payloads how many payloads carried them
   */
  record Transferred(byte[] digest, long payloads) {
    String hex() {
      return HexFormat.of().formatHex(digest);
    }
  }

  static Transferred send(Session session, long bytes) throws IOException {
    MessageDigest digest = sha256();
    SplittableRandom random = new SplittableRandom();
    byte[] chunk = new byte[session.bulkPayload()];
    long left = bytes;
    long payloads = 0;
    while (left > 0) {
      byte[] payload = left < chunk.length ? new byte[(int) left] : chunk;
      random.nextBytes(payload);
      digest.update(payload);
      session.send(payload);
      left -= payload.length;
      payloads++;
    }
    return new Transferred(digest.digest(), payloads);
  }

  static Transferred receive(Session session, long bytes) throws IOException {
    MessageDigest digest = sha256();
    long left = bytes;
    long payloads = 0;
    while (left > 0) {
      byte[] payload = session.receive();
      digest.update(payload);
      left -= payload.length;
      payloads++;
    }
    return new Transferred(digest.digest(), payloads);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
