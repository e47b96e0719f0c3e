package dev.rallypoint.flood;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.ConfigUpdate;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPeerResponse;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.protocol.proto.SoftwareUpdate;
import dev.rallypoint.protocol.proto.TestNatRequest;
import java.util.List;
import java.util.Random;

/** Random bytes, and messages of every kind with some bytes changed, cut off or repeated. */
final class BadInput {
  private final Random random;
  private final PeerAddress victim;

  /**
   * @param victim an address that stands in every message that can hold one
   */
  BadInput(long seed, PeerAddress victim) {
    this.random = new Random(seed);
    this.victim = victim;
  }

  byte[] next() {
    byte[] bytes = random.nextInt(4) == 0 ? noise() : message().toByteArray();
    return switch (random.nextInt(5)) {
      case 0 -> bytes;
      case 1 -> java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 2 -> ByteString.copyFrom(bytes).concat(ByteString.copyFrom(bytes)).toByteArray();
      default -> changed(bytes);
    };
  }

  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private RendezvousMessage message() {
    RendezvousMessage.Builder message = RendezvousMessage.newBuilder();
    String id = Integer.toString(random.nextInt(100_000, Integer.MAX_VALUE));
    ByteString address = AddressMangler.encode(victim, random.nextLong());
    ByteString some = ByteString.copyFrom(noise());
    return switch (random.nextInt(16)) {
      case 0, 1 -> message.setRegisterPeer(RegisterPeer.newBuilder().setId(id)).build();
      case 2 ->
          message
              .setRegisterPk(RegisterPk.newBuilder().setId(id).setUuid(some).setPk(some))
              .build();
      case 3 ->
          message
              .setPunchHoleRequest(
                  PunchHoleRequest.newBuilder().setId(id).setSocketAddrV6(address).setUdpPort(7))
              .build();
      case 4 ->
          message
              .setPunchHoleSent(PunchHoleSent.newBuilder().setId(id).setSocketAddr(address))
              .build();
      case 5 ->
          message
              .setLocalAddr(
                  LocalAddr.newBuilder().setId(id).setSocketAddr(address).setLocalAddr(address))
              .build();
      case 6 ->
          message
              .setRelayResponse(RelayResponse.newBuilder().setId(id).setSocketAddr(address))
              .build();
      case 7 ->
          message
              .setRequestRelay(
                  RequestRelay.newBuilder().setId(id).setUuid(id).setSocketAddr(address))
              .build();
      case 8 -> message.setTestNatRequest(TestNatRequest.newBuilder().setSerial(7)).build();
      case 9 ->
          message
              .setOnlineRequest(OnlineRequest.newBuilder().setId(id).addAllPeers(List.of(id, "")))
              .build();
      case 10 -> message.setKeyExchange(KeyExchange.newBuilder().addKeys(some)).build();
      case 11 -> message.setPunchHole(PunchHole.newBuilder().setSocketAddr(address)).build();
      case 12 ->
          message
              .setConfigureUpdate(ConfigUpdate.newBuilder().addRendezvousServers("evil.example"))
              .build();
      case 13 -> message.setSoftwareUpdate(SoftwareUpdate.newBuilder().setUrl("1.1.9")).build();
      case 14 -> message.setRegisterPeerResponse(RegisterPeerResponse.newBuilder()).build();
      default -> message.build();
    };
  }
}
