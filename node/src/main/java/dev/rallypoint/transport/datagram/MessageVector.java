package dev.rallypoint.transport.datagram;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Linux's array of {@code struct mmsghdr} of 64-bit systems: several datagrams for one call of
 * recvmmsg(2), with {@link Message#MOST} bytes of memory for each. Not safe for several threads.
 */
final class MessageVector {
  private static final long SIZE = Message.HEADER_SIZE + 8;

  private final MemorySegment vector;
  private final Message[] messages;

  /**
   * @param most how many datagrams at most
   */
  MessageVector(boolean isV6, int most) {
    vector = Arena.ofAuto().allocate(SIZE * most, 8);
    messages = new Message[most];
    for (int i = 0; i < most; i++) {
      messages[i] = new Message(isV6, vector.asSlice(i * SIZE, Message.HEADER_SIZE));
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

  /** Adds the datagrams that the kernel has filled in, so many, to a list. */
  void take(int count, List<Datagram> batch) {
    for (int i = 0; i < count; i++) {
      int bytes = vector.get(JAVA_INT, i * SIZE + Message.HEADER_SIZE);
      batch.add(messages[i].received(bytes));
      messages[i].toReceive();
    }
  }
}
