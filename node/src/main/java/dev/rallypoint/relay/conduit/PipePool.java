package dev.rallypoint.relay.conduit;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loop's pipes, up to a bound. Where there is none to be had, because the bound is reached,
 * descriptors have run out or the system has no splice(2), the loop copies. Not safe for several
 * threads.
 */
public final class PipePool {
  private static final Logger LOG = LoggerFactory.getLogger(PipePool.class);

  /** Bytes of a pipe; the user's limit on pipes (pipe-user-pages-soft) may make it less. */
  static final int SIZE = 1024 * 1024;

  /** Pipes that every node may have: 64 MiB, what one user may have by default. */
  private static final int LEAST = 64 * 1024 * 1024 / SIZE;

  /** No node has use for more. */
  private static final int MOST = 512;

  /** The part of the machine's memory that slow readers may fill. */
  private static final int MEMORY_SHARE = 16;

  /** A pipe with less room is not worth its two descriptors: buffers move more at a time. */
  private static final int LEAST_SIZE = 64 * 1024;

  /** After a failure so many are refused before the system is asked again. */
  private static final int PAUSE = 256;

  private final ArrayDeque<PipeConduit> idle = new ArrayDeque<>();
  private final @Nullable PipeCalls calls;
  private final int bound;
  private int made;
  private int refusals;
  private boolean isClosed;

  /** A pool without pipes. */
  public static PipePool none() {
    return new PipePool(null, 0);
  }

  /** A pool of at most so many pipes. */
  public static PipePool of(int bound) {
    return new PipePool(new PipeCalls(), bound);
  }

  /**
   * How many pipes a node may have. A session whose two sides are both slow holds two, and without
   * one it copies; so there are many where memory allows, should all be full at once.
   *
   * @param most the most by the descriptors that there are
   * @param memory bytes of the machine
   */
  static int boundOfNode(int most, long memory) {
    long full = memory / MEMORY_SHARE / PipeConduit.MOST;
    return Math.min(Math.clamp(full, LEAST, MOST), most);
  }

  /** How many pipes a node may have on this machine; 0 where the system does not say. */
  public static int boundOfNode(int most) {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? boundOfNode(most, system.getTotalMemorySize())
        : 0;
  }

  private PipePool(@Nullable PipeCalls calls, int bound) {
    this.calls = calls;
    this.bound = bound;
  }

  /** An empty pipe, or null when there is none to be had now. */
  @Nullable PipeConduit take() {
    PipeConduit kept = idle.pollLast();
    if (kept != null || calls == null || made >= bound || isClosed) {
      return kept;
    }
    if (refusals > 0) {
      refusals--;
      return null;
    }
    PipeConduit pipe = open(calls);
    if (pipe == null) {
      refusals = PAUSE;
    } else {
      made++;
    }
    return pipe;
  }

  /** Takes a pipe back; one with bytes in it is closed, for they must not reach anybody else. */
  void give(PipeConduit pipe) {
    if (pipe.isEmpty() && !isClosed) {
      idle.addLast(pipe);
    } else {
      made--;
      pipe.close();
    }
  }

  /** Whether a pipe can be lent out without making one. */
  boolean hasIdle() {
    return !idle.isEmpty();
  }

  /** Pipes that are lent out or kept. */
  int made() {
    return made;
  }

  /** Closes all pipes that are not lent out, and lends out no more. */
  void close() {
    isClosed = true;
    for (PipeConduit pipe = idle.poll(); pipe != null; pipe = idle.poll()) {
      made--;
      pipe.close();
    }
  }

  private static @Nullable PipeConduit open(PipeCalls calls) {
    PipeCalls.Ends ends;
    try {
      ends = calls.pipe();
    } catch (IOException e) {
      LOG.debug("no pipe, copying instead: {}", e.getMessage());
      return null;
    }
    try {
      for (int size = SIZE; size > LEAST_SIZE && !calls.resize(ends.in(), size); ) {
        size /= 2;
      }
      int size = calls.sizeOf(ends.in());
      if (size >= LEAST_SIZE) {
        return new PipeConduit(calls, ends);
      }
      LOG.debug("a pipe of {} bytes is too small, copying instead", size);
    } catch (IOException e) {
      LOG.debug("no size of a pipe, copying instead", e);
    }
    calls.close(ends);
    return null;
  }
}
