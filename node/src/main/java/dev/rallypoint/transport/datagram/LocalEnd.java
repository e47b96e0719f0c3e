package dev.rallypoint.transport.datagram;

import dev.rallypoint.protocol.address.PeerAddress;

/**
 * The end of a UDP conversation on this machine. A machine may have several addresses, and a client
 * takes answers from the one only that it asked.
 *
 * @param ip the address of this machine, with port 0
 * @param interfaceIndex the kernel's number of the interface where one of the two addresses is
 *     link-local, because such an address says nothing without its interface; else 0
 */
public record LocalEnd(PeerAddress ip, int interfaceIndex) {
  /** The kernel chooses the address by the route to the client. */
  public static final LocalEnd ANY = new LocalEnd(PeerAddress.ABSENT, 0);

  /** Whether this is the end of these 16 bytes of address and this interface. */
  boolean is(long high, long low, int index) {
    return ip.high() == high && ip.low() == low && interfaceIndex == index;
  }
}
