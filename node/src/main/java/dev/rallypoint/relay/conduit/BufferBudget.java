package dev.rallypoint.relay.conduit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * The memory outside the heap that the buffers of a relay may take, small ones included. It is
 * divided evenly among the relay's loops.
 *
 * @param bytes in all
 */
public record BufferBudget(long bytes) {
  /** The part of Java's direct memory; the rest is for single reads and writes, and for others. */
  private static final int SHARE = 2;

  /** Bytes of all large buffers together, at most. */
  private static final long MOST_LARGE = 64L * 1024 * 1024;

  /** The part of the budget that large buffers may take. */
  private static final int LARGE_SHARE = 2;

  /** Half of the direct memory that this process may have. */
  public static BufferBudget ofDirectMemory() {
    return new BufferBudget(directMemory() / SHARE);
  }

  /** The bytes of one of so many loops. */
  long ofLoop(int loops) {
    return bytes / loops;
  }

  /** The bytes of one of so many loops that may be in large buffers. */
  long largeOfLoop(int loops) {
    return Math.min(MOST_LARGE, bytes / LARGE_SHARE) / loops;
  }

  /** The most direct memory: what the option says, or else as much as the heap may have. */
  private static long directMemory() {
    HotSpotDiagnosticMXBean machine =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long set =
        machine == null ? 0 : Long.parseLong(machine.getVMOption("MaxDirectMemorySize").getValue());
    return set > 0 ? set : Runtime.getRuntime().maxMemory();
  }
}
