package dev.rallypoint.clustering;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import java.util.List;
import java.util.stream.IntStream;

/** What clients say to reach each other, and what they see of who is there. */
final class Calls {
  private Calls() {}

  static RendezvousMessage punch(TestNode node, String target) {
    return punch(node, target, 0);
  }

  static RendezvousMessage punch(TestNode node, String target, int udpPort) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(target)
                .setNatType(NatType.ASYMMETRIC)
                .setUdpPort(udpPort)
                .setLicenceKey(node.key().text()))
        .build();
  }

  static RendezvousMessage relay(String target) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder().setId(target).setUuid("a-uuid").setRelayServer("relay.of.b"))
        .build();
  }

  /** The first frame of a connection to the relay; without a target that of the controlled side. */
  static RendezvousMessage leg(TestNode node, String uuid, String target) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder().setUuid(uuid).setId(target).setLicenceKey(node.key().text()))
        .build();
  }

  static RendezvousMessage sent(String target, RendezvousMessage push) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setSocketAddr(Pushed.socketAddr(push))
                .setId(target)
                .setRelayServer("relay.of.b")
                .setVersion("1.4.9"))
        .build();
  }

  static RendezvousMessage localAddr(String target, PeerAddress requester, ByteString local) {
    return RendezvousMessage.newBuilder()
        .setLocalAddr(
            LocalAddr.newBuilder()
                .setSocketAddr(AddressMangler.encode(requester, 1))
                .setLocalAddr(local)
                .setId(target)
                .setVersion("1.4.9"))
        .build();
  }

  /** The answer to a relay request when it names no id, else the target's own choice of a relay. */
  static RendezvousMessage relayed(String target, RendezvousMessage push) {
    return RendezvousMessage.newBuilder()
        .setRelayResponse(
            RelayResponse.newBuilder()
                .setSocketAddr(Pushed.socketAddr(push))
                .setUuid("b-uuid")
                .setRelayServer("relay.of.b")
                .setId(target)
                .setVersion("1.4.9"))
        .build();
  }

  /** Which of these ids a node counts as online. */
  static List<Integer> online(TestNode node, List<String> ids) {
    try (TcpClient asker = node.natTest()) {
      asker.send(
          RendezvousMessage.newBuilder()
              .setOnlineRequest(OnlineRequest.newBuilder().setId("me").addAllPeers(ids))
              .build());
      ByteString states = asker.receive().getOnlineResponse().getStates();
      return IntStream.range(0, ids.size())
          .filter(i -> (states.byteAt(i / 8) >> 7 - i % 8 & 1) != 0)
          .boxed()
          .toList();
    }
  }

  /** The key that a registered test peer has. */
  static PublicKey keyOf(String id) {
    return new PublicKey(ByteString.copyFrom(TcpClient.bytes(32, id.hashCode())));
  }
}
