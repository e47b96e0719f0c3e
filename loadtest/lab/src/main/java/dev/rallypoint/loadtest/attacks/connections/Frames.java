package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.Messages;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes that attackers send over WebSocket. */
final class Frames {
  private static final int FINAL = 0x80;
  private static final int BINARY = 0x02;
  private static final int PING = 0x09;
  private static final int MASKED = 0x80;
  private static final int MAX_SHORT = 125;

  private Frames() {}

  /** The request that makes a connection a WebSocket. */
  static byte[] upgrade() {
    return ("GET /ws/id HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A NAT test in a binary message. */
  static byte[] natTest() {
    return frame(FINAL | BINARY, Messages.testNat().toByteArray());
  }

  /** A ping without content. */
  static byte[] ping() {
    return frame(FINAL | PING, new byte[0]);
  }

  /** The beginning of a message that goes on. */
  static byte[] firstFragment() {
    return frame(BINARY, new byte[0]);
  }

  /** A part of a message that goes on, without content. */
  static byte[] emptyFragment() {
    return frame(0, new byte[0]);
  }

  /** A short frame from a client; its mask is zero, so that the payload stays as it is. */
  private static byte[] frame(int first, byte[] payload) {
    if (payload.length > MAX_SHORT) {
      throw new IllegalArgumentException(payload.length + " bytes are no short frame");
    }
    return ByteBuffer.allocate(6 + payload.length)
        .put((byte) first)
        .put((byte) (MASKED | payload.length))
        .putInt(0)
        .put(payload)
        .array();
  }
}
