package dev.rallypoint.bootstrap;

import org.apache.pekko.actor.Address;

/** Converts the address of a node between text, {@code host:port}, and Pekko's type. */
final class NodeAddress {
  /** The name of the actor system of every node. Nodes with different names cannot join. */
  static final String SYSTEM = "rallypoint";

  private NodeAddress() {}

  /** The address that a text names. */
  static Address of(String text) {
    int colon = text.lastIndexOf(':');
    return new Address(
        "pekko", SYSTEM, text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** The text of an address. */
  static String text(Address address) {
    return address.host().get() + ":" + address.port().get();
  }
}
