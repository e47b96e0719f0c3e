package dev.rallypoint.loadtest;

import java.net.InetSocketAddress;

/**
 * Where a peer finds each service. A real client has one name for all; tests of a cluster send each
 * role to another node.
 *
 * @param registration UDP 21116
 * @param rendezvous TCP 21116
 * @param natTest TCP 21115: the second NAT test and online queries
 * @param defaultRelay host:port of the relay when nobody named one
 */
record Servers(
    InetSocketAddress registration,
    InetSocketAddress rendezvous,
    InetSocketAddress natTest,
    String defaultRelay) {

  /** The services of one host at their usual distances from the main port. */
  static Servers of(String host, int port) {
    return new Servers(
        new InetSocketAddress(host, port),
        new InetSocketAddress(host, port),
        new InetSocketAddress(host, port - 1),
        RelayName.of(host, port + 1));
  }

  Servers withRegistration(InetSocketAddress address) {
    return new Servers(address, rendezvous, natTest, defaultRelay);
  }

  Servers withRendezvous(InetSocketAddress address) {
    return new Servers(registration, address, natTest, defaultRelay);
  }

  Servers withNatTest(InetSocketAddress address) {
    return new Servers(registration, rendezvous, address, defaultRelay);
  }

  Servers withRelayPort(int port) {
    String relay = RelayName.of(rendezvous.getHostString(), port);
    return new Servers(registration, rendezvous, natTest, relay);
  }
}
