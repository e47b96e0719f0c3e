package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;

/** Messages as clients write them. */
final class Messages {
  /** The server only copies it. */
  static final ByteString V6 = ByteString.copyFromUtf8("eighteen bytes: v6");

  private Messages() {}

  static PunchHoleRequest.Builder request(PublicKey key, String target) {
    return PunchHoleRequest.newBuilder()
        .setId(target)
        .setNatType(NatType.ASYMMETRIC)
        .setLicenceKey(key.text())
        .setConnType(ConnType.DEFAULT_CONN)
        .setVersion("1.4.9");
  }

  static RendezvousMessage punch(PunchHoleRequest.Builder request) {
    return RendezvousMessage.newBuilder().setPunchHoleRequest(request).build();
  }

  static RequestRelay.Builder relay(String target) {
    return RequestRelay.newBuilder()
        .setId(target)
        .setUuid("a-uuid")
        .setRelayServer("relay.of.b")
        .setSecure(true);
  }

  /** The target's answer with another {@code socket_addr} than it heard. */
  static RendezvousMessage sent(String target, PeerAddress requester) {
    return sent(target, AddressMangler.encode(requester, 12345));
  }

  /** The target's answer to a push. */
  static RendezvousMessage sent(String target, RendezvousMessage push) {
    return sent(target, Pushed.socketAddr(push));
  }

  private static RendezvousMessage sent(String target, ByteString socketAddr) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setSocketAddr(socketAddr)
                .setId(target)
                .setRelayServer("relay.of.b")
                .setNatType(NatType.ASYMMETRIC)
                .setVersion("1.4.9")
                .setUpnpPort(99)
                .setSocketAddrV6(V6))
        .build();
  }

  static UnknownFieldSet newerThanUs() {
    return UnknownFieldSet.newBuilder()
        .addField(
            90,
            UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("from the future"))
                .build())
        .build();
  }

  /** The key that UdpClient.registered gives an id. */
  static PublicKey keyOf(String id) {
    return new PublicKey(ByteString.copyFrom(TcpClient.bytes(32, id.hashCode())));
  }
}
