package dev.rallypoint.policy;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;

/**
 * Builds the requester's message from the target's answer. The signed key is sent only when the
 * target named its version, as every client does: a target without a version is too old to prove
 * the key, and the requester would wait for the proof.
 */
public final class TargetAnswer {
  private TargetAnswer() {}

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
            .setPk(provable(sent.getVersion(), signedKey))
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
            .setPk(provable(answer.getVersion(), signedKey))
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
      response.setPk(provable(response.getVersion(), signedKey));
    } else {
      response.clearUnion();
    }
    return answer.build();
  }

  /** Whether the target chose the relay itself, rather than being asked to one by the requester. */
  public static boolean isInitiate(RelayResponse response) {
    return !response.getId().isEmpty();
  }

  private static ByteString provable(String version, ByteString signedKey) {
    return version.isEmpty() ? ByteString.EMPTY : signedKey;
  }

  private static RendezvousMessage envelope(PunchHoleResponse.Builder response) {
    return RendezvousMessage.newBuilder().setPunchHoleResponse(response).build();
  }
}
