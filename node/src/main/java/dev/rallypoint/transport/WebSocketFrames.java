package dev.rallypoint.transport;

import java.nio.ByteBuffer;

/**
 * Finds the frames in the bytes that a WebSocket client sends (RFC 6455, 5.2), behind the head of
 * the HTTP request, and counts them. Only headers are looked at: what breaks the protocol is left
 * to what serves the connection. Not safe for several threads.
 */
final class WebSocketFrames {
  /** A fragment that is shorter counts where longer ones do not, in bytes. */
  static final int SHORT_FRAGMENT = 1_024;

  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
  private static final int FINAL = 0x80;
  private static final int CONTROL = 0x08;
  private static final int MASKED = 0x80;
  private static final int MASK_BYTES = 4;

  /** How many bytes of the end of the HTTP head have come in a row. */
  private int headEnd;

  private int first;
  private int headerRead;
  private int extended;
  private long length;
  private int mask;
  private long toSkip;
  private int counted;

  /**
   * Takes bytes that were read, until so many frames are counted or all bytes are taken.
   *
   * @param shortOnly counts only what carries next to nothing: control frames, empty frames and
   *     short fragments; else every frame
   * @return the frames counted whose header has become whole
   */
  int feed(ByteBuffer bytes, boolean shortOnly, int most) {
    counted = 0;
    while (counted < most && bytes.hasRemaining()) {
      if (headEnd < HEAD_END.length) {
        onHead(bytes.get());
      } else if (toSkip > 0) {
        int skipped = (int) Math.min(toSkip, bytes.remaining());
        bytes.position(bytes.position() + skipped);
        toSkip -= skipped;
      } else {
        onHeader(bytes.get() & 0xFF, shortOnly);
      }
    }
    return counted;
  }

  private void onHead(byte next) {
    if (next == HEAD_END[headEnd]) {
      headEnd++;
    } else {
      headEnd = next == HEAD_END[0] ? 1 : 0;
    }
  }

  private void onHeader(int next, boolean shortOnly) {
    switch (headerRead++) {
      case 0 -> first = next;
      case 1 -> onLength(next);
      default -> {
        length = length << 8 | next;
        extended--;
      }
    }
    if (headerRead > 1 && extended == 0) {
      if (!shortOnly || isShort()) {
        counted++;
      }
      toSkip = Math.clamp(length, 0, Integer.MAX_VALUE) + (long) mask;
      headerRead = 0;
    }
  }

  private void onLength(int next) {
    mask = (next & MASKED) == 0 ? 0 : MASK_BYTES;
    length = next & ~MASKED;
    extended = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (extended > 0) {
      length = 0;
    }
  }

  private boolean isShort() {
    boolean isFragment = (first & FINAL) == 0;
    return length <= 0 || (first & CONTROL) != 0 || isFragment && length < SHORT_FRAGMENT;
  }
}
