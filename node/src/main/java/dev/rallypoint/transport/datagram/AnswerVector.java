package dev.rallypoint.transport.datagram;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Linux's array of {@code struct mmsghdr} for one call of sendmmsg(2): the answers to datagrams of
 * a {@link MessageVector}. An answer has no address of its own; it points to those that the kernel
 * has written beside the datagram. Not safe for several threads.
 */
final class AnswerVector {
  private final MemorySegment vector;
  private final MemorySegment[] headers;
  private final Message[] asked;
  private final FixedAnswer[] answers;
  private int count;

  AnswerVector(int most, FixedAnswer filler) {
    vector = Arena.ofAuto().allocate(MessageVector.SIZE * most, 8);
    headers = new MemorySegment[most];
    asked = new Message[most];
    answers = new FixedAnswer[most];
    for (int i = 0; i < most; i++) {
      headers[i] = vector.asSlice(i * MessageVector.SIZE, Message.HEADER_SIZE);
      headers[i].set(JAVA_LONG, Message.IOV_COUNT, 1);
      answers[i] = filler;
    }
  }

  /** Adds the answer to a datagram that is not received over before the answers are sent. */
  void add(Message datagram, FixedAnswer answer) {
    datagram.address(headers[count], answer.iov());
    asked[count] = datagram;
    answers[count] = answer;
    count++;
  }

  int count() {
    return count;
  }

  /** The answers from a place on, for the kernel. */
  MemorySegment from(int place) {
    return place == 0 ? vector : vector.asSlice(place * MessageVector.SIZE);
  }

  Message asked(int place) {
    return asked[place];
  }

  FixedAnswer answer(int place) {
    return answers[place];
  }

  void clear() {
    count = 0;
  }
}
