package dev.rallypoint.relay.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts a session's bytes. One loop writes, anybody reads: a chunk costs an addition and a
 * comparison, and the speed is worked out once a second and only while bytes move.
 */
final class Meter {
  private static final long WINDOW = 1_000_000_000L;
  private static final VarHandle BYTES;

  static {
    try {
      BYTES = MethodHandles.lookup().findVarHandle(Meter.class, "bytes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long start;
  private long bytes;
  private long windowBytes;
  private volatile long windowStart;
  private volatile long speed;
  private volatile long highest;

  Meter(long now) {
    start = now;
    windowStart = now;
  }

  /** Adds a chunk; true when a window of a second has closed with it. */
  boolean add(long now, int chunk) {
    long sum = bytes + chunk;
    BYTES.setOpaque(this, sum);
    long elapsed = now - windowStart;
    if (elapsed < WINDOW) {
      return false;
    }
    speed = (long) ((sum - windowBytes) / (elapsed / 1e9));
    highest = Math.max(highest, speed);
    windowBytes = sum;
    windowStart = now;
    return true;
  }

  long bytes() {
    return (long) BYTES.getOpaque(this);
  }

  /** Nanoseconds since the session's start. */
  long age(long now) {
    return now - start;
  }

  /** Bytes a second over the last window; 0 once two windows have passed without a byte. */
  long speed(long now) {
    return now - windowStart > 2 * WINDOW ? 0 : speed;
  }

  long highest() {
    return highest;
  }
}
