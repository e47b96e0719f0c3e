package dev.rallypoint.app;

import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.UdpClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A client as a program, for a namespace of its own. Asks a server at one of its addresses, and
 * takes datagrams from that address only.
 */
final class AddressProbe {
  private AddressProbe() {}

  /** The arguments: the server's address, its port, an id, the access key. */
  public static void main(String[] args) {
    String server = args[0];
    int port = Integer.parseInt(args[1]);
    String id = args[2];
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(server), port);
    try (UdpClient target = UdpClient.connectedTo(address, 0)) {
      if (!target.nothingElseCame()) {
        throw new AssertionError("no answer to the NAT test");
      }
      target.registered(id);
      try (TcpClient requester = TcpClient.between("::", server, port).plain()) {
        requester.send(
            RendezvousMessage.newBuilder()
                .setPunchHoleRequest(PunchHoleRequest.newBuilder().setId(id).setLicenceKey(args[3]))
                .build());
        Pushed.socketAddr(target.receive());
      }
      System.out.println(server + " answers and pushes");
    }
  }
}
