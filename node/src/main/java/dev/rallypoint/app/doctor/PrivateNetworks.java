package dev.rallypoint.app.doctor;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;

/** Addresses that are not of the public internet. */
final class PrivateNetworks {
  private static final String NAME = "private";

  /** RFC 1918, loopback, link-local, and IPv6's of these kinds. */
  private static final Networks LOCAL =
      new Networks(
          List.of(
              Cidr.parse(NAME, "127.0.0.0/8"),
              Cidr.parse(NAME, "10.0.0.0/8"),
              Cidr.parse(NAME, "172.16.0.0/12"),
              Cidr.parse(NAME, "192.168.0.0/16"),
              Cidr.parse(NAME, "169.254.0.0/16"),
              Cidr.parse(NAME, "::1/128"),
              Cidr.parse(NAME, "fc00::/7"),
              Cidr.parse(NAME, "fe80::/10")));

  /** RFC 6598. */
  private static final Networks CARRIER = new Networks(List.of(Cidr.parse(NAME, "100.64.0.0/10")));

  private PrivateNetworks() {}

  /** Whether an address is of a local network or of a provider's NAT. */
  static boolean contain(PeerAddress address) {
    return LOCAL.contains(address) || isOfCarrier(address);
  }

  /** Whether an address is of a provider's NAT. */
  static boolean isOfCarrier(PeerAddress address) {
    return CARRIER.contains(address);
  }
}
