package dev.rallypoint.relay.conduit;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loop's conduits: pipes where there are any, then large buffers, then small ones. All buffers
 * come from one budget and are kept once they are made. A direction that gets none is not read from
 * and waits here until one is given back. Not safe for several threads.
 */
public final class ConduitPool {
  private static final Logger LOG = LoggerFactory.getLogger(ConduitPool.class);

  /** Bytes of a large conduit. */
  public static final int LARGE = 1024 * 1024;

  /** The most bytes any conduit holds. */
  public static final int MOST = Math.max(LARGE, PipeConduit.MOST);

  /** Bytes of a small one. */
  static final int SMALL = 8 * 1024;

  /** Small ones that are made at once, so that no want of memory takes a loop its last one. */
  private static final int MADE_AT_ONCE = 16;

  private final ArrayDeque<BufferConduit> large = new ArrayDeque<>();
  private final ArrayDeque<BufferConduit> small = new ArrayDeque<>();
  private final Set<Waiter> waiting = new LinkedHashSet<>();
  private final PipePool pipes;
  private long left;
  private long largeLeft;
  private int lent;
  private boolean isGivenBack;

  /** Someone that got no conduit. */
  public interface Waiter {
    /** A conduit may be there now. */
    void onConduit(long now);
  }

  /**
   * @param budget of all loops together; a loop has one small buffer at least
   * @param loops how many loops there are
   * @param pipes taken before buffers, as long as there are any
   */
  public ConduitPool(BufferBudget budget, int loops, PipePool pipes) {
    this.pipes = pipes;
    left = Math.max(SMALL, budget.ofLoop(loops));
    largeLeft = budget.largeOfLoop(loops);
    for (int i = 0; i < MADE_AT_ONCE && left >= SMALL; i++) {
      small.addLast(BufferConduit.ofCapacity(SMALL));
      left -= SMALL;
    }
  }

  /** An empty conduit: a pipe, or else the largest buffer there is; null when there is none. */
  public @Nullable Conduit take() {
    PipeConduit pipe = pipes.take();
    if (pipe == null) {
      return takeBuffer();
    }
    lent++;
    return pipe;
  }

  /** An empty conduit that copies, the largest there is; null when there is none. */
  public @Nullable BufferConduit takeBuffer() {
    BufferConduit buffer = large.pollLast();
    if (buffer == null) {
      buffer = makeLarge();
    }
    if (buffer == null) {
      buffer = takeSmall();
    }
    if (buffer != null) {
      lent++;
    }
    return buffer;
  }

  /** Takes an empty pipe back for a buffer; null when there is none. */
  public @Nullable BufferConduit exchange(PipeConduit pipe) {
    lent--;
    pipes.give(pipe);
    return takeBuffer();
  }

  /** Takes a conduit back, empty or not; the bytes in it are discarded. */
  public void give(Conduit conduit) {
    switch (conduit) {
      case BufferConduit buffer -> {
        buffer.clear();
        if (buffer.isPooled()) {
          lent--;
          isGivenBack = true;
          (isLarge(buffer) ? large : small).addLast(buffer);
        }
      }
      case PipeConduit pipe -> {
        lent--;
        isGivenBack = true;
        pipes.give(pipe);
      }
    }
  }

  /** The same bytes in a conduit that fits them: a few left over should not keep a large one. */
  public Conduit shrink(Conduit conduit) throws IOException {
    boolean isSmall = conduit instanceof BufferConduit buffer && !isLarge(buffer);
    if (isSmall || conduit.remaining() > SMALL) {
      return conduit;
    }
    BufferConduit fitting = takeSmall();
    if (fitting == null) {
      return conduit;
    }
    lent++;
    conduit.moveTo(fitting);
    give(conduit);
    return fitting;
  }

  /** Tells a waiter, once, that a conduit was given back; those that came first are told first. */
  public void await(Waiter waiter) {
    waiting.add(waiter);
  }

  /** The waiter waits no longer. */
  public void cancel(Waiter waiter) {
    waiting.remove(waiter);
  }

  /** How many wait for a conduit. */
  public int waiting() {
    return waiting.size();
  }

  /** Whether {@link #resume} has something to do. */
  public boolean isReady() {
    return isGivenBack && !waiting.isEmpty();
  }

  /** Tells as many waiters as there may be conduits for. */
  public void resume(long now) {
    if (!isReady()) {
      return;
    }
    isGivenBack = false;
    for (int turns = waiting.size(); turns > 0 && hasIdle(); turns--) {
      Iterator<Waiter> first = waiting.iterator();
      if (!first.hasNext()) {
        return;
      }
      Waiter next = first.next();
      first.remove();
      next.onConduit(now);
    }
  }

  /** How many conduits are lent out. */
  public int lent() {
    return lent;
  }

  /** Closes the pipes; nothing is lent out after that but buffers. */
  public void close() {
    pipes.close();
  }

  private boolean hasIdle() {
    return !large.isEmpty() || !small.isEmpty() || pipes.hasIdle();
  }

  private static boolean isLarge(BufferConduit buffer) {
    return buffer.isPooled() && buffer.capacity() == LARGE;
  }

  private @Nullable BufferConduit makeLarge() {
    if (Math.min(left, largeLeft) < LARGE) {
      return null;
    }
    largeLeft -= LARGE;
    BufferConduit made = make(LARGE);
    if (made == null) {
      largeLeft = 0;
    }
    return made;
  }

  private @Nullable BufferConduit takeSmall() {
    BufferConduit kept = small.pollLast();
    if (kept != null || left < SMALL) {
      return kept;
    }
    BufferConduit made = make(SMALL);
    if (made == null) {
      left = 0;
    }
    return made;
  }

  /** A new one; null when Java has no memory for it, which is not asked for again. */
  private @Nullable BufferConduit make(int size) {
    try {
      BufferConduit made = BufferConduit.ofCapacity(size);
      left -= size;
      return made;
    } catch (OutOfMemoryError e) {
      // Each time it is asked in vain, Java pauses this thread for half a second.
      LOG.warn("no memory for a buffer of {} bytes: the relay goes on with those it has", size);
      return null;
    }
  }
}
