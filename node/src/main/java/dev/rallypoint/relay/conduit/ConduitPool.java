package dev.rallypoint.relay.conduit;

import java.io.IOException;
import java.util.ArrayDeque;

/**
 * One loop's conduits: pipes where there are any, then large buffers up to a bound in bytes, and
 * small ones once the bound is reached, so that sessions whose readers are slow make the others
 * slower but never the memory fuller than bound plus one small piece a direction. Not safe for
 * several threads.
 */
public final class ConduitPool {
  /** Bytes of a large conduit. */
  public static final int LARGE = 1024 * 1024;

  /** The most bytes any conduit holds. */
  public static final int MOST = Math.max(LARGE, PipeConduit.MOST);

  /** Bytes of a small one. */
  static final int SMALL = 8 * 1024;

  private static final int SMALL_KEPT = 256;

  private final ArrayDeque<BufferConduit> large = new ArrayDeque<>();
  private final ArrayDeque<BufferConduit> small = new ArrayDeque<>();
  private final PipePool pipes;
  private int largeLeft;
  private int lent;

  /**
   * @param bound bytes that large buffers may take in all; at least one is made
   * @param pipes taken before buffers, as long as there are any
   */
  public ConduitPool(long bound, PipePool pipes) {
    largeLeft = (int) Math.max(1, bound / LARGE);
    this.pipes = pipes;
  }

  /** An empty conduit: a pipe, or else the largest buffer there is. */
  public Conduit take() {
    PipeConduit pipe = pipes.take();
    if (pipe == null) {
      return takeBuffer();
    }
    lent++;
    return pipe;
  }

  /** An empty conduit that copies, the largest there is. */
  public BufferConduit takeBuffer() {
    lent++;
    BufferConduit kept = large.pollLast();
    if (kept != null) {
      return kept;
    }
    if (largeLeft > 0) {
      largeLeft--;
      try {
        return BufferConduit.ofCapacity(LARGE);
      } catch (OutOfMemoryError e) {
        largeLeft = 0; // never asked for again: each time Java would pause the loop for long
      }
    }
    return small();
  }

  /** Takes a conduit back, empty or not; the bytes in it are discarded. */
  public void give(Conduit conduit) {
    switch (conduit) {
      case BufferConduit buffer -> {
        buffer.clear();
        if (buffer.isPooled()) {
          lent--;
        }
        if (isLarge(buffer)) {
          large.addLast(buffer);
        } else if (buffer.isPooled() && small.size() < SMALL_KEPT) {
          small.addLast(buffer);
        }
      }
      case PipeConduit pipe -> {
        lent--;
        pipes.give(pipe);
      }
    }
  }

  /** The same bytes in a conduit that fits them: a few left over should not keep a large one. */
  public Conduit shrink(Conduit conduit) throws IOException {
    return switch (conduit) {
      case BufferConduit buffer when isLarge(buffer) && buffer.remaining() <= SMALL -> {
        lent++;
        BufferConduit fitting = small();
        fitting.takeFrom(buffer);
        give(buffer);
        yield fitting;
      }
      case PipeConduit pipe when pipe.remaining() <= SMALL -> {
        lent++;
        BufferConduit fitting = small();
        pipe.moveTo(fitting);
        give(pipe);
        yield fitting;
      }
      case BufferConduit buffer -> buffer;
      case PipeConduit pipe -> pipe;
    };
  }

  /** How many conduits are lent out. */
  public int lent() {
    return lent;
  }

  /** Closes the pipes; nothing is lent out after that but buffers. */
  public void close() {
    pipes.close();
  }

  private static boolean isLarge(BufferConduit buffer) {
    return buffer.isPooled() && buffer.capacity() == LARGE;
  }

  private BufferConduit small() {
    BufferConduit kept = small.pollLast();
    return kept != null ? kept : BufferConduit.ofCapacity(SMALL);
  }
}
