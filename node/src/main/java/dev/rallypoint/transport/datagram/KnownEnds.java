package dev.rallypoint.transport.datagram;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.Arrays;

/** One value for each end of this machine, of those seen last. Not safe for several threads. */
final class KnownEnds {
  /** A power of two. */
  private static final int MOST = 16;

  private final LocalEnd[] known = new LocalEnd[MOST];

  KnownEnds() {
    Arrays.fill(known, LocalEnd.ANY);
  }

  /** The end with these 16 bytes of address and this interface. */
  LocalEnd of(long high, long low, int index) {
    int place = Long.hashCode(low ^ high ^ index) & MOST - 1;
    if (!known[place].is(high, low, index)) {
      known[place] = new LocalEnd(new PeerAddress(high, low, 0), index);
    }
    return known[place];
  }
}
