package dev.rallypoint.transport;

/**
 * What one connection holds of the node's {@link FrameMemory}. Whatever way the connection ends, it
 * closes its share, and nothing of it stays charged. Safe for all threads.
 */
public final class FrameShare {
  /**
   * So many bytes of each connection are free, for connections are bounded themselves: whoever
   * fills the memory with long frames keeps nobody from sending short ones.
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

  /** Gives all back; what is held from now on costs nothing, for it is about to be forgotten. */
  public synchronized void close() {
    hold(0);
    isClosed = true;
  }

  private static int charge(int bytes) {
    return Math.max(0, bytes - FREE);
  }
}
