package dev.rallypoint.transport.datagram;

/**
 * A look at the outermost fields of a datagram, which costs less than the parser's exception for
 * what is no protobuf message.
 */
public final class WireForm {
  private static final int MAX_VARINT = 10;
  private static final int WIRE_TYPE_BITS = 3;
  private static final int WIRE_TYPE = 7;
  private static final int END_OF_GROUP = 4;

  /** Groups in groups that are looked at. No message of RustDesk has a group. */
  private static final int MAX_DEPTH = 8;

  private static final int BROKEN = -1;
  private static final int NOT_SEEN = -2;

  private WireForm() {}

  /** Whether the parser would fail; false too where only the parser can tell. */
  public static boolean isBroken(DatagramView datagram) {
    return end(datagram, 0, 0, 0) == BROKEN;
  }

  /**
   * The place after the fields of a message, or after the end of a group.
   *
   * @param group the number of the group's field, 0 for the message itself
   */
  private static int end(DatagramView datagram, int start, int group, int depth) {
    int length = datagram.length();
    int place = start;
    while (place >= 0 && place < length) {
      int value = endOfVarint(datagram, place, length);
      if (value < 0) {
        return BROKEN;
      }
      int tag = (int) varint(datagram, place, value);
      int field = tag >>> WIRE_TYPE_BITS;
      if (field == 0) {
        return BROKEN; // no field has the number 0
      }
      if ((tag & WIRE_TYPE) == END_OF_GROUP) {
        return field == group ? value : BROKEN;
      }
      place =
          switch (tag & WIRE_TYPE) {
            case 0 -> endOfVarint(datagram, value, length);
            case 1 -> endOf(value, Long.BYTES, length);
            case 2 -> endOfBytes(datagram, value, length);
            case 3 -> depth < MAX_DEPTH ? end(datagram, value, field, depth + 1) : NOT_SEEN;
            case 5 -> endOf(value, Integer.BYTES, length);
            default -> BROKEN;
          };
    }
    return place >= 0 && group != 0 ? BROKEN : place; // a group that does not end
  }

  private static int endOfBytes(DatagramView datagram, int start, int length) {
    int bytes = endOfVarint(datagram, start, length);
    return bytes < 0 ? BROKEN : endOf(bytes, (int) varint(datagram, start, bytes), length);
  }

  /** The place after so many bytes. */
  private static int endOf(int start, int bytes, int length) {
    return bytes < 0 || bytes > length - start ? BROKEN : start + bytes;
  }

  /** The place after a varint. */
  private static int endOfVarint(DatagramView datagram, int start, int length) {
    for (int i = start; i < length && i < start + MAX_VARINT; i++) {
      if (datagram.at(i) >= 0) {
        return i + 1;
      }
    }
    return BROKEN;
  }

  private static long varint(DatagramView datagram, int start, int end) {
    long value = 0;
    for (int i = end - 1; i >= start; i--) {
      value = value << 7 | datagram.at(i) & 0x7F;
    }
    return value;
  }
}
