package dev.rallypoint.transport.datagram;

/**
 * A look at the outermost fields of a datagram, which costs less than the parser's exception for
 * what is no protobuf message.
 */
public final class WireForm {
  private static final int MAX_VARINT = 10;
  private static final int WIRE_TYPE_BITS = 3;
  private static final int WIRE_TYPE = 7;

  private WireForm() {}

  /** Whether the parser would fail; false too where only the parser can tell. */
  public static boolean isBroken(DatagramView datagram) {
    int length = datagram.length();
    int place = 0;
    while (place < length) {
      int end = endOfVarint(datagram, place, length);
      if (end < 0) {
        return true;
      }
      int tag = (int) varint(datagram, place, end);
      if (tag >>> WIRE_TYPE_BITS == 0) {
        return true; // no field has the number 0
      }
      switch (tag & WIRE_TYPE) {
        case 0 -> place = endOfVarint(datagram, end, length);
        case 1 -> place = endOf(end, Long.BYTES, length);
        case 2 -> {
          int start = endOfVarint(datagram, end, length);
          place = start < 0 ? -1 : endOf(start, (int) varint(datagram, end, start), length);
        }
        case 3 -> {
          return false; // a group
        }
        case 5 -> place = endOf(end, Integer.BYTES, length);
        default -> {
          return true;
        }
      }
      if (place < 0) {
        return true;
      }
    }
    return false;
  }

  /** The place after so many bytes, or -1 when there are fewer. */
  private static int endOf(int start, int bytes, int length) {
    return bytes < 0 || bytes > length - start ? -1 : start + bytes;
  }

  /** The place after a varint, or -1 when it does not end. */
  private static int endOfVarint(DatagramView datagram, int start, int length) {
    for (int i = start; i < length && i < start + MAX_VARINT; i++) {
      if (datagram.at(i) >= 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private static long varint(DatagramView datagram, int start, int end) {
    long value = 0;
    for (int i = end - 1; i >= start; i--) {
      value = value << 7 | datagram.at(i) & 0x7F;
    }
    return value;
  }
}
