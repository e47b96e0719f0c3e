package dev.rallypoint.loadtest.benchmark.heartbeat;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An array of {@code struct mmsghdr} of connected sockets, in memory that is never freed. */
final class MessageArray {
  private static final long HEADER = 64;
  private static final long IOV = 16;
  private static final long IOV_COUNT = 24;
  private static final long CONTROL = 32;
  private static final long CONTROL_LENGTH = 40;
  private static final long LENGTH = 56;
  private static final long IOV_SIZE = 16;
  private static final long IOV_LENGTH = 8;
  private static final long ROOM = 64;
  private static final long STAMP = 16;
  private static final long STAMPED = 32;
  private static final long SECOND = 1_000_000_000;

  private final MemorySegment headers;
  private final MemorySegment iovs;
  private final MemorySegment payloads;
  private final MemorySegment controls;
  private final int most;

  MessageArray(int most) {
    Arena arena = Arena.global();
    this.most = most;
    headers = arena.allocate(HEADER * most, 8);
    iovs = arena.allocate(IOV_SIZE * most, 8);
    payloads = arena.allocate(ROOM * most, 8);
    controls = arena.allocate(ROOM * most, 8);
    for (int i = 0; i < most; i++) {
      iovs.set(ADDRESS, i * IOV_SIZE, payloads.asSlice(i * ROOM));
      headers.set(ADDRESS, i * HEADER + IOV, iovs.asSlice(i * IOV_SIZE));
      headers.set(JAVA_LONG, i * HEADER + IOV_COUNT, 1);
    }
  }

  MemorySegment headers() {
    return headers;
  }

  int most() {
    return most;
  }

  /** The bytes of one message to send, somewhere else in memory. */
  void point(int place, MemorySegment bytes) {
    iovs.set(ADDRESS, place * IOV_SIZE, bytes);
    iovs.set(JAVA_LONG, place * IOV_SIZE + IOV_LENGTH, bytes.byteSize());
  }

  /** Makes all ready for the kernel to fill. */
  void toReceive() {
    for (int i = 0; i < most; i++) {
      iovs.set(JAVA_LONG, i * IOV_SIZE + IOV_LENGTH, ROOM);
      headers.set(ADDRESS, i * HEADER + CONTROL, controls.asSlice(i * ROOM));
      headers.set(JAVA_LONG, i * HEADER + CONTROL_LENGTH, ROOM);
    }
  }

  /** Makes some ready again. */
  void toReceive(int count) {
    for (int i = 0; i < count; i++) {
      headers.set(JAVA_LONG, i * HEADER + CONTROL_LENGTH, ROOM);
    }
  }

  /** When the kernel received one, by its SO_TIMESTAMPNS in nanoseconds; 0 when it does not say. */
  long receivedAt(int place) {
    return headers.get(JAVA_LONG, place * HEADER + CONTROL_LENGTH) < STAMPED
        ? 0
        : controls.get(JAVA_LONG, place * ROOM + STAMP) * SECOND
            + controls.get(JAVA_LONG, place * ROOM + STAMP + 8);
  }

  /** The bytes of one that was received. */
  byte[] payload(int place) {
    int length = headers.get(JAVA_INT, place * HEADER + LENGTH);
    return payloads.asSlice(place * ROOM, length).toArray(JAVA_BYTE);
  }
}
