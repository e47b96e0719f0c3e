package dev.rallypoint.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all connections of a node may hold for frames that have begun and are not whole,
 * and for what the relay keeps of a leg until its partner takes it. Safe for all threads.
 */
public final class FrameMemory {
  private static final long LEAST = 4L << 20;

  private final long most;
  private final AtomicLong held = new AtomicLong();

  /**
   * @param most the bytes that may be held in all
   */
  public FrameMemory(long most) {
    this.most = most;
  }

  /** An eighth of the heap, but 4 MiB at least. */
  public static FrameMemory ofHeap() {
    return new FrameMemory(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 8));
  }

  /** Takes so many bytes more, or gives back where negative; false when there are not as many. */
  boolean change(int bytes) {
    if (held.addAndGet(bytes) <= most || bytes <= 0) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** The bytes held now. */
  public long held() {
    return held.get();
  }
}
