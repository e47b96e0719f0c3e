package dev.rallypoint.proxies;

import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;

/** What clients ask here, and what a target then knows of them. */
final class Asking {
  private Asking() {}

  static RendezvousMessage natTest() {
    return RendezvousMessage.newBuilder()
        .setTestNatRequest(TestNatRequest.newBuilder().setSerial(1))
        .build();
  }

  static RendezvousMessage punch(String id) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder().setId(id).setLicenceKey(TestNode.KEYS.publicKey().text()))
        .build();
  }

  /** One side of a relayed session; the controlling one names an id. */
  static RendezvousMessage leg(String uuid, String id) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder()
                .setUuid(uuid)
                .setId(id)
                .setLicenceKey(TestNode.KEYS.publicKey().text()))
        .build();
  }

  /** Whom a target is asked to open its NAT for. */
  static PeerAddress heardBy(UdpClient target) {
    RendezvousMessage heard = target.receive();
    return AddressMangler.decode(
        heard.hasPunchHole()
            ? heard.getPunchHole().getSocketAddr()
            : heard.getFetchLocalAddr().getSocketAddr());
  }
}
