package dev.rallypoint.loadtest.gatling.client;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The device of a simulated peer. UUID and key follow from the id, so that a peer keeps them over
 * runs, and a requester in any generator knows which key a target must have. Only its length is
 * that of a real key: simulated peers do not sign.
 *
 * @param id the id
 * @param uuid the text of the machine's UUID as bytes
 * @param key 32 bytes
 */
public record Identity(String id, ByteString uuid, ByteString key) {

  /** The device of an id. */
  public static Identity of(String id) {
    return of(id, 0);
  }

  /**
   * Another device or another key under the same id.
   *
   * @param generation 0 for the usual one
   */
  public static Identity of(String id, int generation) {
    String suffix = generation == 0 ? id : id + "/" + generation;
    return new Identity(
        id,
        ByteString.copyFromUtf8("load-" + suffix),
        ByteString.copyFrom(digest("rallypoint load test key of " + suffix)));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
