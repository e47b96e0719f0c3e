package dev.rallypoint.bootstrap;

import org.apache.pekko.actor.Address;

/** A node's address as text, host:port, and as Pekko has it. */
final class NodeAddress {
  private NodeAddress() {}

  static Address of(String text) {
    int colon = text.lastIndexOf(':');
    return new Address(
        "pekko",
        ClusterBootstrap.SYSTEM,
        text.substring(0, colon),
        Integer.parseInt(text.substring(colon + 1)));
  }

  static String text(Address address) {
    return address.host().get() + ":" + address.port().get();
  }
}
