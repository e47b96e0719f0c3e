package dev.rallypoint.transport;

/**
 * What one connection holds of the node's {@link FrameMemory}. Whatever way the connection ends, it
 * closes its share, and nothing of it stays charged. Safe for all threads.
 */
public final class FrameShare {
  /**
   * The bytes of each connection that are not counted. The number of connections is bounded
   * already, and a sender that fills the memory with long frames cannot stop others' short ones.
   */
  public static final int FREE = 1024;

  private final FrameMemory memory;
  private int held;
  private boolean isClosed;

  /**
   * @param memory what all connections share
   */
  public FrameShare(FrameMemory memory) {
    this.memory = memory;
  }

  /** The connection now holds so many bytes in all; false, and as before, when that is too much. */
  public synchronized boolean hold(int bytes) {
    if (isClosed || memory.change(charge(bytes) - charge(held))) {
      held = bytes;
      return true;
    }
    return false;
  }

  /** The same for so many bytes more, or fewer where negative. */
  public synchronized boolean change(int bytes) {
    return hold(held + bytes);
  }

  /** Gives all back. Bytes held after this are not counted, because they are dropped soon. */
  public synchronized void close() {
    hold(0);
    isClosed = true;
  }

  private static int charge(int bytes) {
    return Math.max(0, bytes - FREE);
  }
}
