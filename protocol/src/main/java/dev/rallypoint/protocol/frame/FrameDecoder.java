package dev.rallypoint.protocol.frame;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts frames out of a stream that arrives in pieces of any size. Feed a piece, then poll until it
 * gives null. Any header width is accepted for any length. A length over the cap is refused when
 * its header is read, before anything is allocated for it.
 *
 * <p>Memory follows the bytes that have come, never the length a header announces: between two
 * pieces a decoder holds at most one header and one payload of the cap, and nothing when no frame
 * has begun.
 *
 * <p>Not safe for several threads.
 */
public final class FrameDecoder {
  private static final byte[] NOTHING = new byte[0];

  private final int maxLength;
  private byte[] buffer = NOTHING;
  private int start;
  private int end;

  /**
   * @param maxLength the longest payload taken, in bytes
   */
  public FrameDecoder(int maxLength) {
    if (maxLength < 0 || maxLength > FrameHeader.MAX_LENGTH) {
      throw new IllegalArgumentException("no frame has a cap of " + maxLength);
    }
    this.maxLength = maxLength;
  }

  /** Takes over all remaining bytes of a piece. */
  public void feed(ByteBuffer piece) {
    int length = piece.remaining();
    makeRoom(length);
    piece.get(buffer, end, length);
    end += length;
  }

  /**
   * The next whole frame's payload, or null when more bytes are needed.
   *
   * @throws FrameException when the next frame is longer than the cap; the stream is then lost
   */
  public byte @Nullable [] poll() throws FrameException {
    int available = end - start;
    if (available == 0) {
      return null;
    }
    int headerSize = FrameHeader.size(buffer[start]);
    if (available < headerSize) {
      return notYet();
    }
    int length = FrameHeader.read(buffer, start);
    if (length > maxLength) {
      throw new FrameException("a frame of " + length + " bytes, " + maxLength + " are allowed");
    }
    if (available - headerSize < length) {
      return notYet();
    }
    int from = start + headerSize;
    byte[] payload = Arrays.copyOfRange(buffer, from, from + length);
    start = from + length;
    if (start == end) {
      forget();
    }
    return payload;
  }

  /** The bytes of memory held for a frame that has begun; none when idle. */
  public int heldBytes() {
    return buffer.length;
  }

  /** Whether a frame has begun that is not whole yet. */
  public boolean isMidFrame() {
    return end > start;
  }

  /** Takes the bytes behind the last whole frame out of the decoder: where raw mode begins. */
  public byte[] takeRest() {
    byte[] rest = Arrays.copyOfRange(buffer, start, end);
    forget();
    return rest;
  }

  /** One large piece must not leave its large buffer to the small rest of it. */
  private byte @Nullable [] notYet() {
    if (buffer.length > largestFrame()) {
      buffer = Arrays.copyOfRange(buffer, start, end);
      end -= start;
      start = 0;
    }
    return null;
  }

  private void forget() {
    start = 0;
    end = 0;
    buffer = NOTHING; // an idle connection holds no buffer
  }

  private void makeRoom(int length) {
    if (buffer.length - end >= length) {
      return;
    }
    int held = end - start;
    byte[] target = held + length <= buffer.length ? buffer : new byte[capacity(held + length)];
    System.arraycopy(buffer, start, target, 0, held);
    buffer = target;
    start = 0;
    end = held;
  }

  private int capacity(int needed) {
    // Doubling keeps many small pieces linear; a first piece gets just its size.
    return (int) Math.max(needed, Math.min(buffer.length * 2L, largestFrame()));
  }

  private long largestFrame() {
    return (long) FrameHeader.MAX_SIZE + maxLength;
  }
}
