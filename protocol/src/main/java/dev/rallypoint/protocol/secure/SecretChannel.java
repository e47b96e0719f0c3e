package dev.rallypoint.protocol.secure;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The secured link after the handshake: each frame's payload is a secretbox. Both directions share
 * the key; each has its own counter, incremented before use, as the first 8 bytes (little-endian)
 * of the nonce. Frames of length 0 and 1 pass in clear and do not advance the counter: the empty
 * one is the heartbeat.
 *
 * <p>Not safe for several threads.
 */
public final class SecretChannel {
  private final byte[] key;
  private long sent;
  private long received;

  SecretChannel(byte[] key) {
    this.key = key;
  }

  /** The payload of the next frame to send. */
  public byte[] seal(byte[] plain) {
    return plain.length == 0 ? plain : SecretBox.seal(key, nonce(++sent), plain);
  }

  /**
   * The plaintext of the next frame received.
   *
   * @throws HandshakeException when it was not sealed with this link's key and counter
   */
  public byte[] open(byte[] frame) throws HandshakeException {
    if (frame.length <= 1) {
      return frame;
    }
    return SecretBox.open(key, nonce(++received), frame)
        .orElseThrow(() -> new HandshakeException("an encrypted frame is not genuine"));
  }

  private static byte[] nonce(long counter) {
    return ByteBuffer.allocate(SecretBox.NONCE_LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(counter)
        .array();
  }
}
