package dev.rallypoint.relay.conduit;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Moves bytes by copying them through a buffer. */
public final class BufferConduit implements Conduit {
  private final ByteBuffer buffer;
  private final Runnable onCleared;

  /** An empty conduit over a buffer of its own. */
  static BufferConduit ofCapacity(int bytes) {
    return new BufferConduit(ByteBuffer.allocateDirect(bytes).limit(0), () -> {});
  }

  /**
   * A conduit that holds these bytes already, for once: a leg's early bytes.
   *
   * @param onCleared what to do when they are written, or discarded
   */
  public static Conduit holding(byte[] bytes, Runnable onCleared) {
    return new BufferConduit(ByteBuffer.wrap(bytes), onCleared);
  }

  private BufferConduit(ByteBuffer buffer, Runnable onCleared) {
    this.buffer = buffer;
    this.onCleared = onCleared;
  }

  @Override
  public int fill(SocketChannel source, int most) throws IOException {
    buffer.clear().limit(Math.min(buffer.capacity(), most));
    try {
      return source.read(buffer);
    } finally {
      buffer.flip();
    }
  }

  @Override
  public int drain(SocketChannel target) throws IOException {
    return target.write(buffer);
  }

  @Override
  public boolean isEmpty() {
    return !buffer.hasRemaining();
  }

  int remaining() {
    return buffer.remaining();
  }

  int capacity() {
    return buffer.capacity();
  }

  boolean isPooled() {
    return buffer.isDirect();
  }

  /** Takes over what another conduit still holds; that one is empty then. */
  void takeFrom(BufferConduit other) {
    buffer.clear();
    buffer.put(other.buffer).flip();
  }

  /** Reads once behind what it holds, at most so many bytes, and returns how many came. */
  int append(NativeReader reader, int most) throws IOException {
    int end = buffer.limit();
    int room = Math.min(most, buffer.capacity() - end);
    int read = reader.read(MemorySegment.ofBuffer(buffer.duplicate().clear()).asSlice(end, room));
    buffer.limit(end + read);
    return read;
  }

  /** Something that can be read into native memory. */
  interface NativeReader {
    int read(MemorySegment target) throws IOException;
  }

  /** Discards what is left. */
  void clear() {
    buffer.clear().limit(0);
    onCleared.run();
  }
}
