package dev.rallypoint.relay.bridge;

import dev.rallypoint.protocol.frame.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.pekko.util.ByteString;

/** Messages that are to be written as frames of TCP. Not safe for several threads. */
final class FrameQueue {
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();

  /** The bytes of these messages as frames. */
  static int bytesOf(List<ByteString> messages) {
    int sum = 0;
    for (ByteString message : messages) {
      sum += FrameHeader.size(message.size()) + message.size();
    }
    return sum;
  }

  /** These messages as frames, in one buffer. */
  static ByteBuffer framed(List<ByteString> messages) {
    byte[] all = new byte[bytesOf(messages)];
    int at = 0;
    for (ByteString message : messages) {
      at = FrameHeader.write(message.size(), all, at);
      message.copyToArray(all, at);
      at += message.size();
    }
    return ByteBuffer.wrap(all);
  }

  /** Adds messages. */
  void add(List<ByteString> messages) {
    for (ByteString message : messages) {
      byte[] header = new byte[FrameHeader.size(message.size())];
      FrameHeader.write(message.size(), header, 0);
      queue.add(ByteBuffer.wrap(header));
      queue.add(message.asByteBuffer());
    }
  }

  /** Adds what is left of frames. */
  void add(ByteBuffer framed) {
    queue.add(framed);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  void clear() {
    queue.clear();
  }

  /**
   * Writes once, and returns how many bytes.
   *
   * @param scratch limits it: Java would copy all there is, into memory outside the heap
   */
  int write(WritableByteChannel target, ByteBuffer scratch) throws IOException {
    for (ByteBuffer next : queue) {
      if (!scratch.hasRemaining()) {
        break;
      }
      int length = Math.min(scratch.remaining(), next.remaining());
      scratch.put(next.slice(next.position(), length));
    }
    int written = target.write(scratch.flip());
    for (int left = written; left > 0; ) {
      ByteBuffer first = queue.element();
      int length = Math.min(left, first.remaining());
      first.position(first.position() + length);
      left -= length;
      removeWritten();
    }
    removeWritten();
    return written;
  }

  private void removeWritten() {
    while (!queue.isEmpty() && !queue.element().hasRemaining()) {
      queue.remove();
    }
  }
}
