package dev.rallypoint.bootstrap;

import java.net.InetSocketAddress;
import org.apache.pekko.actor.Address;

/**
 * Converts the address of a node to and from text, {@code host:port}. An IPv6 ip is in brackets, as
 * Pekko's remoting needs it.
 */
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

  /** The text of an address whose host may not be resolved yet. */
  static String text(InetSocketAddress address) {
    return text(address.getHostString(), address.getPort());
  }

  static String text(String host, int port) {
    return uriHost(host) + ":" + port;
  }

  /** A name or an ip; an IPv6 ip gets brackets. */
  static String uriHost(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
