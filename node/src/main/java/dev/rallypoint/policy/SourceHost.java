package dev.rallypoint.policy;

import dev.rallypoint.protocol.address.PeerAddress;

/**
 * What limits for one address count as one: an IPv4 address or an IPv6 /64, because that is what
 * one customer is given.
 */
public final class SourceHost {
  private SourceHost() {}

  /** The IPv4 address, or the lowest address of the IPv6 /64; port 0. */
  public static PeerAddress of(PeerAddress source) {
    return source.isV4() || source.isLoopback()
        ? source.host()
        : new PeerAddress(source.high(), 0, 0);
  }
}
