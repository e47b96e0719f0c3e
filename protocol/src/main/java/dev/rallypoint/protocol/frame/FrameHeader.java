package dev.rallypoint.protocol.frame;

/**
 * The length header of a frame, 1 to 4 bytes little-endian: the low two bits of the first byte are
 * the header's length less one, the rest is the payload's length in bytes.
 *
 * <pre>
 *   len 5       14           (5 &lt;&lt; 2)
 *   len 64      01 01        (64 &lt;&lt; 2 | 1)
 *   len 16384   02 00 01     (16384 &lt;&lt; 2 | 2)
 * </pre>
 */
public final class FrameHeader {
  /** The largest payload a header can announce: 2^30 - 1 bytes. */
  public static final int MAX_LENGTH = (1 << 30) - 1;

  /** The bytes of the widest header. */
  public static final int MAX_SIZE = 4;

  private FrameHeader() {}

  /**
   * The bytes of the shortest header for a payload; encoders always use the shortest.
   *
   * @throws IllegalArgumentException for a length outside 0 to {@link #MAX_LENGTH}
   */
  public static int size(int payloadLength) {
    if (payloadLength < 0 || payloadLength > MAX_LENGTH) {
      throw new IllegalArgumentException("no header holds a payload of " + payloadLength);
    }
    if (payloadLength <= 0x3F) {
      return 1;
    }
    if (payloadLength <= 0x3FFF) {
      return 2;
    }
    return payloadLength <= 0x3FFFFF ? 3 : 4;
  }

  /** The bytes of the header that begins with this byte. */
  public static int size(byte first) {
    return (first & 3) + 1;
  }

  /** Writes the shortest header for a payload at an offset and returns the offset behind it. */
  public static int write(int payloadLength, byte[] target, int offset) {
    int size = size(payloadLength);
    long value = ((long) payloadLength << 2) | (size - 1);
    for (int i = 0; i < size; i++) {
      target[offset + i] = (byte) (value >>> (8 * i));
    }
    return offset + size;
  }

  /**
   * Reads the payload's length, 0 to {@link #MAX_LENGTH}, from a whole header of {@link
   * #size(byte)} bytes, be it the shortest or not.
   */
  public static int read(byte[] source, int offset) {
    int size = size(source[offset]);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (source[offset + i] & 0xFFL) << (8 * i);
    }
    return (int) (value >>> 2);
  }
}
