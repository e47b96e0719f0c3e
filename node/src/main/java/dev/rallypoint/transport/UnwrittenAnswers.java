package dev.rallypoint.transport;

import java.util.ArrayDeque;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a connection's handler has sent and its channel has not taken, in order. No frame of the
 * connection is handled meanwhile, so only pushes and answers under way come in addition. Bytes
 * over {@link FrameShare#FREE} are charged to the memory of all connections. Not safe for several
 * threads.
 */
final class UnwrittenAnswers {
  /** The most bytes of a connection, beside one answer that is longer. */
  static final int MOST = 256 * 1024;

  private final ArrayDeque<ByteString> waiting = new ArrayDeque<>(1);
  private final FrameMemory memory;
  private int bytes;

  /** Of a connection that shares a memory with others. */
  UnwrittenAnswers(FrameMemory memory) {
    this.memory = memory;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Adds what cannot be written now; false, and nothing is added, when it is too much. */
  boolean add(ByteString answer) {
    int all = bytes + answer.size();
    boolean isTooMuch = all > MOST && !waiting.isEmpty();
    if (isTooMuch || !memory.change(charge(all) - charge(bytes))) {
      return false;
    }
    bytes = all;
    return waiting.add(answer);
  }

  /** The next one to write, or null. */
  @Nullable ByteString poll() {
    ByteString next = waiting.poll();
    if (next != null) {
      holdOnly(bytes - next.size());
    }
    return next;
  }

  /** Drops all. */
  void clear() {
    waiting.clear();
    holdOnly(0);
  }

  private void holdOnly(int fewer) {
    memory.change(charge(fewer) - charge(bytes));
    bytes = fewer;
  }

  private static int charge(int bytes) {
    return Math.max(0, bytes - FrameShare.FREE);
  }
}
