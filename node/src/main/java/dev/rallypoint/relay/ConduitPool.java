package dev.rallypoint.relay;

import java.util.ArrayDeque;

/**
 * One loop's conduits: large ones up to a bound in bytes, and small ones once the bound is reached,
 * so that sessions whose readers are slow make the others slower but never the heap fuller than
 * bound plus one small piece a direction. Not safe for several threads.
 */
final class ConduitPool {
  /** Bytes of a large conduit. */
  static final int LARGE = 256 * 1024;

  /** Bytes of a small one. */
  static final int SMALL = 8 * 1024;

  private static final int SMALL_KEPT = 256;

  private final ArrayDeque<BufferConduit> large = new ArrayDeque<>();
  private final ArrayDeque<BufferConduit> small = new ArrayDeque<>();
  private int largeLeft;

  /**
   * @param bound bytes that large conduits may take in all; at least one is made
   */
  ConduitPool(long bound) {
    largeLeft = (int) Math.max(1, bound / LARGE);
  }

  /** An empty conduit, the largest there is. */
  Conduit take() {
    BufferConduit kept = large.pollLast();
    if (kept != null) {
      return kept;
    }
    if (largeLeft > 0) {
      largeLeft--;
      return BufferConduit.ofCapacity(LARGE);
    }
    return takeSmall();
  }

  /** Takes a conduit back, empty or not; the bytes in it are forgotten. */
  void give(Conduit conduit) {
    switch (conduit) {
      case BufferConduit buffer -> {
        buffer.clear();
        if (isLarge(buffer)) {
          large.addLast(buffer);
        } else if (buffer.isPooled() && small.size() < SMALL_KEPT) {
          small.addLast(buffer);
        }
      }
    }
  }

  /** The same bytes in a conduit that fits them: a few left over should not keep a large one. */
  Conduit shrink(Conduit conduit) {
    return switch (conduit) {
      case BufferConduit buffer when isLarge(buffer) && buffer.remaining() <= SMALL -> {
        BufferConduit fitting = takeSmall();
        fitting.takeFrom(buffer);
        give(buffer);
        yield fitting;
      }
      case BufferConduit buffer -> buffer;
    };
  }

  private static boolean isLarge(BufferConduit buffer) {
    return buffer.isPooled() && buffer.capacity() == LARGE;
  }

  private BufferConduit takeSmall() {
    BufferConduit kept = small.pollLast();
    return kept != null ? kept : BufferConduit.ofCapacity(SMALL);
  }
}
