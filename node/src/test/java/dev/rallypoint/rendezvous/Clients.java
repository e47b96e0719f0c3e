package dev.rallypoint.rendezvous;

import static dev.rallypoint.testing.ProxyHeaders.v2;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;

/**
 * Clients at any address of the world, by a proxy in front of the node that names it.
 *
 * @param node a node whose proxy is 127.0.0.2
 */
record Clients(TestNode node) {
  static final String PROXY = "127.0.0.2";

  /** A connection to the ID server in clear. */
  TcpClient at(String ip, int port) {
    return TcpClient.from(PROXY, node.port()).sendRaw(v2(ip, port, 0)).plain();
  }

  /** A target that is registered by its connection. */
  TcpClient registered(String id, String ip, int port) {
    TcpClient link =
        TcpClient.from(PROXY, node.port()).sendRaw(v2(ip, port, 0)).secured(node.key());
    Result result =
        link.send(UdpClient.claimOf(id, "uuid of " + id, id.hashCode()))
            .receive()
            .getRegisterPkResponse()
            .getResult();
    if (result != Result.OK) {
      throw new AssertionError(id + ": " + result);
    }
    return link;
  }
}
