package dev.rallypoint.transport.datagram;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Linux's array of {@code struct mmsghdr} of 64-bit systems: several datagrams for one call of
 * recvmmsg(2), with {@link Message#MOST} bytes of memory for each. Not safe for several threads.
 */
final class MessageVector {
  static final long SIZE = Message.HEADER_SIZE + 8;

  private final MemorySegment vector;
  private final Message[] messages;
  private int used;

  /**
   * @param most how many datagrams at most
   */
  MessageVector(boolean isV6, int most) {
    vector = Arena.ofAuto().allocate(SIZE * most, 8);
    messages = new Message[most];
    KnownEnds ends = new KnownEnds();
    for (int i = 0; i < most; i++) {
      messages[i] = new Message(isV6, vector.asSlice(i * SIZE, Message.HEADER_SIZE), ends);
      messages[i].toReceive();
    }
  }

  /** The array for the kernel to fill. */
  MemorySegment segment() {
    return vector;
  }

  int most() {
    return messages.length;
  }

  /** Makes those ready again that the kernel has filled in. */
  void toReceive() {
    for (int i = 0; i < used; i++) {
      messages[i].toReceive();
    }
    used = 0;
  }

  /** The kernel has filled in so many, which are good until {@link #toReceive}. */
  void received(int count) {
    used = count;
    for (int i = 0; i < count; i++) {
      messages[i].received(vector.get(JAVA_INT, i * SIZE + Message.HEADER_SIZE));
    }
  }

  Message get(int place) {
    return messages[place];
  }
}
