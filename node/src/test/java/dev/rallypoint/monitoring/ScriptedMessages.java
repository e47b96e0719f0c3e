package dev.rallypoint.monitoring;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.Pushed;

/** What the clients of a scripted run send. */
final class ScriptedMessages {
  static final String RELAY = "relay.of.b";

  private ScriptedMessages() {}

  static RendezvousMessage punchRequest(String target, String key) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(target)
                .setLicenceKey(key)
                .setNatType(NatType.ASYMMETRIC))
        .build();
  }

  static RendezvousMessage sent(String target, RendezvousMessage push) {
    ByteString socketAddr = Pushed.socketAddr(push);
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setId(target)
                .setSocketAddr(socketAddr)
                .setRelayServer(RELAY)
                .setVersion("1.4.9"))
        .build();
  }

  static RendezvousMessage relayRequest(String target, String key, String uuid) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder()
                .setId(target)
                .setUuid(uuid)
                .setLicenceKey(key)
                .setRelayServer(RELAY))
        .build();
  }
}
