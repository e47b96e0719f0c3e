package dev.rallypoint.policy;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.stream.Stream;

/**
 * Reads a target's answer, and builds the requester's message from it. The signed key is always
 * sent: a message of the target cannot switch the proof of its identity off. Only clients older
 * than 1.1.9 cannot prove the key.
 */
public final class TargetAnswer {
  /** Addresses that are reached within a network only. */
  private static final Networks PRIVATE =
      new Networks(
          Stream.of(
                  "10.0.0.0/8",
                  "172.16.0.0/12",
                  "192.168.0.0/16",
                  "169.254.0.0/16",
                  "100.64.0.0/10",
                  "fc00::/7",
                  "fe80::/10")
              .map(text -> Cidr.parse("private", text))
              .toList());

  private TargetAnswer() {}

  /** {@code socket_addr} of an answer: the requester that it is for. */
  public static ByteString socketAddr(RendezvousMessage answer) {
    return switch (answer.getUnionCase()) {
      case PUNCH_HOLE_SENT -> answer.getPunchHoleSent().getSocketAddr();
      case LOCAL_ADDR -> answer.getLocalAddr().getSocketAddr();
      case RELAY_RESPONSE -> answer.getRelayResponse().getSocketAddr();
      default -> ByteString.EMPTY;
    };
  }

  /** The relay that an answer names; empty when it names none. */
  public static String relay(RendezvousMessage answer) {
    return switch (answer.getUnionCase()) {
      case PUNCH_HOLE_SENT -> answer.getPunchHoleSent().getRelayServer();
      case LOCAL_ADDR -> answer.getLocalAddr().getRelayServer();
      case RELAY_RESPONSE -> answer.getRelayResponse().getRelayServer();
      default -> "";
    };
  }

  /** The answer with another relay, or with none. */
  public static RendezvousMessage withRelay(RendezvousMessage answer, String relay) {
    RendezvousMessage.Builder builder = answer.toBuilder();
    switch (answer.getUnionCase()) {
      case PUNCH_HOLE_SENT -> builder.getPunchHoleSentBuilder().setRelayServer(relay);
      case LOCAL_ADDR -> builder.getLocalAddrBuilder().setRelayServer(relay);
      case RELAY_RESPONSE -> builder.getRelayResponseBuilder().setRelayServer(relay);
      default -> {}
    }
    return builder.build();
  }

  /**
   * Whether a LocalAddr names an address that a neighbour of the requester can have: a private one,
   * one of the operator's LAN, or the requester's own host.
   */
  public static boolean isNearby(LocalAddr answer, PeerAddress requester, Networks lan) {
    PeerAddress local = AddressMangler.decode(answer.getLocalAddr());
    return PRIVATE.contains(local) || lan.contains(local) || local.isSameHost(requester);
  }

  /**
   * The target punched a hole: connect to where its message to us came from.
   *
   * @param source the address that the message came from
   * @param isUdp whether it came as a datagram: then the hole is for UDP, else for TCP
   * @param signedKey the target's key signed by the server, or empty when there is none
   * @param micros the time, for {@link AddressMangler#encode}
   */
  public static RendezvousMessage punched(
      PunchHoleSent sent, PeerAddress source, boolean isUdp, ByteString signedKey, long micros) {
    return envelope(
        PunchHoleResponse.newBuilder()
            .setSocketAddr(AddressMangler.encode(source, micros))
            .setIsUdp(isUdp)
            .setPk(signedKey)
            .setRelayServer(sent.getRelayServer())
            .setNatTypeValue(sent.getNatTypeValue())
            .setUpnpPort(sent.getUpnpPort())
            .setSocketAddrV6(sent.getSocketAddrV6()));
  }

  /** The target is in the same network and listens at its local address, which is passed on. */
  public static RendezvousMessage listensLocally(LocalAddr answer, ByteString signedKey) {
    return envelope(
        PunchHoleResponse.newBuilder()
            .setSocketAddr(answer.getLocalAddr())
            .setIsLocal(true)
            .setPk(signedKey)
            .setRelayServer(answer.getRelayServer())
            .setSocketAddrV6(answer.getSocketAddrV6()));
  }

  /**
   * The target uses a relay: its message without the address, unknown fields included. A message
   * with an id means that the target chose the relay; the signed key replaces the id. A message
   * without an id answers a relay request, and only a refusal in it matters.
   *
   * @param envelope a message that holds a RelayResponse
   */
  public static RendezvousMessage relayed(RendezvousMessage envelope, ByteString signedKey) {
    RendezvousMessage.Builder answer = envelope.toBuilder();
    RelayResponse.Builder response = answer.getRelayResponseBuilder().clearSocketAddr();
    if (isInitiate(envelope.getRelayResponse())) {
      response.setPk(signedKey);
    } else {
      response.clearUnion();
    }
    return answer.build();
  }

  /** Whether the target chose the relay itself, rather than being asked to one by the requester. */
  public static boolean isInitiate(RelayResponse response) {
    return !response.getId().isEmpty();
  }

  private static RendezvousMessage envelope(PunchHoleResponse.Builder response) {
    return RendezvousMessage.newBuilder().setPunchHoleResponse(response).build();
  }

  /** The uuid of the relay session that an answer names, or empty. */
  public static String session(RendezvousMessage answer) {
    return answer.hasRelayResponse() ? answer.getRelayResponse().getUuid() : "";
  }
}
