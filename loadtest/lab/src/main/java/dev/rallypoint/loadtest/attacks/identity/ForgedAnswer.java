package dev.rallypoint.loadtest.attacks.identity;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;

/** The kinds of answers that a stranger sends in the place of B. All lack a version. */
enum ForgedAnswer {
  PUNCH_HOLE_SENT("PunchHoleSent"),
  LOCAL_ADDR("LocalAddr"),
  RELAY_RESPONSE("RelayResponse"),
  REFUSAL("a refusal"),
  SPRAY("PunchHoleSent over UDP to all ports");

  private static final int STRANGERS_PORT = 4_444;

  private final String description;

  ForgedAnswer(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** Whether it is sent over UDP to all ports that the requester may have. */
  boolean isSprayed() {
    return this == SPRAY;
  }

  /** The answer that leads the requester at this address to the stranger. */
  RendezvousMessage message(String id, InetSocketAddress requester, InetAddress stranger) {
    ByteString address = mangled(requester);
    String relay = stranger.getHostAddress() + ":" + STRANGERS_PORT;
    RendezvousMessage.Builder message = RendezvousMessage.newBuilder();
    return switch (this) {
      case PUNCH_HOLE_SENT, SPRAY ->
          message
              .setPunchHoleSent(
                  PunchHoleSent.newBuilder()
                      .setSocketAddr(address)
                      .setId(id)
                      .setNatType(NatType.ASYMMETRIC))
              .build();
      case LOCAL_ADDR ->
          message
              .setLocalAddr(
                  LocalAddr.newBuilder()
                      .setSocketAddr(address)
                      .setLocalAddr(mangled(new InetSocketAddress(stranger, STRANGERS_PORT)))
                      .setId(id))
              .build();
      case RELAY_RESPONSE ->
          message
              .setRelayResponse(
                  RelayResponse.newBuilder()
                      .setSocketAddr(address)
                      .setId(id)
                      .setUuid("00000000-0000-4000-8000-000000000000")
                      .setRelayServer(relay))
              .build();
      case REFUSAL ->
          message
              .setRelayResponse(
                  RelayResponse.newBuilder()
                      .setSocketAddr(address)
                      .setId(id)
                      .setRefuseReason("not today"))
              .build();
    };
  }

  private static ByteString mangled(InetSocketAddress address) {
    return AddressMangler.encode(PeerAddress.of(address), ThreadLocalRandom.current().nextLong());
  }

  /** The ip in a mangled address. */
  static String address(ByteString mangled) {
    return AddressMangler.decode(mangled).ip();
  }
}
