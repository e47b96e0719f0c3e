package dev.rallypoint.loadtest.peer.settings;

import java.net.InetSocketAddress;

/**
 * The addresses of the services that a peer uses. A real client has one host name for all; in a
 * cluster, tests send registrations to another node.
 *
 * @param registration UDP 21116, or TCP 21116 where the client registers over TCP
 * @param rendezvous TCP 21116
 * @param natTest TCP 21115: the second NAT test, and online queries
 * @param defaultRelay {@code host:port} of the relay when nobody names one
 */
public record ServerAddresses(
    InetSocketAddress registration,
    InetSocketAddress rendezvous,
    InetSocketAddress natTest,
    String defaultRelay) {
  /** The services of one host: the NAT test one port below the main port, the relay one above. */
  public static ServerAddresses of(String host, int port) {
    return new ServerAddresses(
        new InetSocketAddress(host, port),
        new InetSocketAddress(host, port),
        new InetSocketAddress(host, port - 1),
        RelayAddress.of(host, port + 1));
  }

  /** The same services with another address for registrations. */
  public ServerAddresses withRegistration(InetSocketAddress address) {
    return new ServerAddresses(address, rendezvous, natTest, defaultRelay);
  }
}
