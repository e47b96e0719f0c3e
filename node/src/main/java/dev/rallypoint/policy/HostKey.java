package dev.rallypoint.policy;

import dev.rallypoint.protocol.address.PeerAddress;

/**
 * The part of an address that one customer is given: an IPv4 address, or an IPv6 /64. Limits and
 * comparisons by host use it, because a device may change its address within its /64 at any time.
 */
public final class HostKey {
  private HostKey() {}

  /** The IPv4 address, or the lowest address of the IPv6 /64, with port 0. */
  public static PeerAddress of(PeerAddress address) {
    return address.isV4() || address.isLoopback()
        ? address.host()
        : new PeerAddress(address.high(), 0, 0);
  }
}
