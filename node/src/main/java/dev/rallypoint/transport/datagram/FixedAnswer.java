package dev.rallypoint.transport.datagram;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A payload that many datagrams are answered with, in memory that the kernel reads. Made once, and
 * never freed before the socket. Safe for all threads.
 */
public final class FixedAnswer {
  private static final long IOV_LENGTH = 8;
  private static final long IOV_SIZE = 16;

  private final byte[] payload;
  private final MemorySegment iov;
  private final MemorySegment bytes;

  /** An answer of these bytes, which are copied. */
  public FixedAnswer(byte[] payload) {
    this.payload = payload.clone();
    Arena arena = Arena.ofAuto();
    bytes = arena.allocate(Math.max(1, payload.length), 8);
    MemorySegment.copy(payload, 0, bytes, JAVA_BYTE, 0, payload.length);
    iov = arena.allocate(IOV_SIZE, 8);
    iov.set(ADDRESS, 0, bytes);
    iov.set(JAVA_LONG, IOV_LENGTH, payload.length);
  }

  /** The bytes; not to be changed. */
  byte[] payload() {
    return payload;
  }

  /** Its {@code struct iovec}. */
  MemorySegment iov() {
    return iov;
  }
}
