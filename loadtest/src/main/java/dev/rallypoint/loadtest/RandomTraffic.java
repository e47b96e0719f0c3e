package dev.rallypoint.loadtest;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Streams random bytes over a session, or takes them from it, and hashes what passes. */
final class RandomTraffic {
  private RandomTraffic() {}

  /** What passed in one direction. */
  record Passed(byte[] digest, long payloads) {
    String hex() {
      return HexFormat.of().formatHex(digest);
    }
  }

  static Passed send(Session session, long bytes) throws IOException {
    MessageDigest digest = sha256();
    SplittableRandom random = new SplittableRandom();
    byte[] chunk = new byte[session.usualPayload()];
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
    return new Passed(digest.digest(), payloads);
  }

  static Passed receive(Session session, long bytes) throws IOException {
    MessageDigest digest = sha256();
    long left = bytes;
    long payloads = 0;
    while (left > 0) {
      byte[] payload = session.receive();
      digest.update(payload);
      left -= payload.length;
      payloads++;
    }
    return new Passed(digest.digest(), payloads);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
