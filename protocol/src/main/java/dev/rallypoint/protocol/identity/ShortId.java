package dev.rallypoint.protocol.identity;

/**
 * An id of at most {@link #MAX_LENGTH} ASCII characters as two numbers: its bytes, the first one
 * highest, then zeros. Ids that clients draw are so short, and most chosen ones. Two ids are equal
 * when their numbers are, because an id has no character 0.
 */
public final class ShortId {
  /** The most bytes of an id that has such numbers. */
  public static final int MAX_LENGTH = 16;

  private static final int HALF = Long.BYTES;
  private static final int HIGHEST = 56;
  private static final int LAST_ASCII = 0x7F;

  private ShortId() {}

  /** Whether this id has such numbers. */
  public static boolean has(PeerId id) {
    String text = id.value();
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > LAST_ASCII) {
        return false;
      }
    }
    return true;
  }

  /** The number of the first 8 characters of an id that has one. */
  public static long high(PeerId id) {
    return number(id.value(), 0);
  }

  /** The number of the other characters. */
  public static long low(PeerId id) {
    return number(id.value(), HALF);
  }

  private static long number(String text, int from) {
    long number = 0;
    for (int i = 0; i < HALF; i++) {
      int place = from + i;
      number = number << Byte.SIZE | (place < text.length() ? text.charAt(place) : 0);
    }
    return number;
  }

  /** The id of two numbers that an id has. */
  public static PeerId of(long high, long low) {
    StringBuilder text = new StringBuilder(MAX_LENGTH);
    for (int i = 0; i < MAX_LENGTH; i++) {
      long half = i < HALF ? high : low;
      char next = (char) (half >>> HIGHEST - i % HALF * Byte.SIZE & 0xFF);
      if (next == 0) {
        break;
      }
      text.append(next);
    }
    return new PeerId(text.toString());
  }
}
