package dev.rallypoint.transport;

import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Turns one connection's bytes into payloads, and back. Not safe for several threads. */
sealed interface Framing {

  /** Takes a piece over. */
  void feed(ByteString piece);

  /**
   * The next payload, or null when a piece is needed first.
   *
   * @throws FrameException when it is longer than the cap
   */
  byte @Nullable [] poll() throws FrameException;

  /** Bytes held of a payload that is not whole. */
  int heldBytes();

  /** Whether its payloads count against the connection's pace, or have been counted before. */
  boolean isPaced();

  /** The piece to send for a payload. */
  ByteString encode(byte[] payload);

  /** Sets the cap for the payloads that come from now on. */
  void limit(int maxLength);

  /** A byte stream of length-prefixed frames. */
  final class Stream implements Framing {
    private FrameDecoder decoder;

    Stream(int maxLength) {
      decoder = new FrameDecoder(maxLength);
    }

    @Override
    public void feed(ByteString piece) {
      for (ByteBuffer part : piece.getByteBuffers()) {
        decoder.feed(part);
      }
    }

    @Override
    public byte @Nullable [] poll() throws FrameException {
      return decoder.poll();
    }

    @Override
    public int heldBytes() {
      return decoder.heldBytes();
    }

    @Override
    public boolean isPaced() {
      return true;
    }

    @Override
    public ByteString encode(byte[] payload) {
      return ByteString.fromArrayUnsafe(FrameEncoder.encode(payload));
    }

    @Override
    public void limit(int maxLength) {
      byte[] rest = decoder.takeRest();
      decoder = new FrameDecoder(maxLength);
      decoder.feed(ByteBuffer.wrap(rest));
    }
  }

  /** Whole messages, each a payload: a WebSocket. */
  final class Messages implements Framing {
    private final ArrayDeque<ByteString> waiting = new ArrayDeque<>(1);
    private int maxLength;

    Messages(int maxLength) {
      this.maxLength = maxLength;
    }

    @Override
    public void feed(ByteString piece) {
      waiting.add(piece);
    }

    @Override
    public byte @Nullable [] poll() throws FrameException {
      ByteString next = waiting.poll();
      if (next == null) {
        return null;
      }
      if (next.size() > maxLength) {
        throw new FrameException(
            "a message of " + next.size() + " bytes, " + maxLength + " are allowed");
      }
      return next.toArray();
    }

    @Override
    public int heldBytes() {
      return 0;
    }

    @Override
    public boolean isPaced() {
      return false;
    }

    @Override
    public ByteString encode(byte[] payload) {
      return ByteString.fromArrayUnsafe(payload);
    }

    @Override
    public void limit(int maxLength) {
      this.maxLength = maxLength;
    }
  }
}
