package dev.rallypoint.loadtest.gatling.link;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The ports of one server, at the distances that clients expect.
 *
 * @param host the server
 * @param port the ID server, UDP and TCP; the NAT test and the online query are one below,
 *     WebSocket two above
 * @param relayPort the relay, TCP; WebSocket is two above
 */
public record ServerAddress(InetAddress host, int port, int relayPort) {

  /** The ID server, UDP and TCP, or its WebSocket port. */
  public InetSocketAddress idServer(Way way) {
    return new InetSocketAddress(host, way == Way.WEBSOCKET ? port + 2 : port);
  }

  /** The NAT test and the online query; over WebSocket they share the port of the ID server. */
  public InetSocketAddress natTest(Way way) {
    return new InetSocketAddress(host, way == Way.WEBSOCKET ? port + 2 : port - 1);
  }

  /** The relay. */
  public InetSocketAddress relay(Way way) {
    return new InetSocketAddress(host, way == Way.WEBSOCKET ? relayPort + 2 : relayPort);
  }
}
