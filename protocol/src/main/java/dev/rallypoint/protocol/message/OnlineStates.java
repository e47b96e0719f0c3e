package dev.rallypoint.protocol.message;

import com.google.protobuf.ByteString;
import java.util.BitSet;

/**
 * The bitmap of an OnlineResponse: one bit for each peer asked for, in order, highest bit first:
 * peer i is bit {@code 7 - i % 8} of byte {@code i / 8}. The client indexes it without a check, so
 * it always has {@code ceil(n / 8)} bytes.
 */
public final class OnlineStates {
  private OnlineStates() {}

  /**
   * The bitmap for a query.
   *
   * @param asked how many peers were asked for
   * @param online the places in the query of those that are online
   */
  public static ByteString encode(int asked, BitSet online) {
    byte[] states = new byte[(asked + 7) / 8];
    for (int i = online.nextSetBit(0); i >= 0 && i < asked; i = online.nextSetBit(i + 1)) {
      states[i / 8] |= (byte) (0x80 >>> i % 8);
    }
    return ByteString.copyFrom(states);
  }

  /**
   * Whether the peer at a place in the query is online by this bitmap.
   *
   * @throws IndexOutOfBoundsException when the bitmap is too short for the place
   */
  public static boolean isOnline(ByteString states, int place) {
    return (states.byteAt(place / 8) & 0x80 >>> place % 8) != 0;
  }
}
