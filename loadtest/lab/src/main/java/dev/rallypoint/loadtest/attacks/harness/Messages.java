package dev.rallypoint.loadtest.attacks.harness;

import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import java.util.concurrent.ThreadLocalRandom;

/** The messages that attackers and their victims send. */
public final class Messages {
  /** The version that clients name. */
  public static final String VERSION = "1.4.9";

  private Messages() {}

  /** A heartbeat. */
  public static RendezvousMessage registerPeer(String id) {
    return RendezvousMessage.newBuilder()
        .setRegisterPeer(RegisterPeer.newBuilder().setId(id).setSerial(3))
        .build();
  }

  /** A registration of a device. */
  public static RendezvousMessage registerPk(String id, Device device) {
    return RendezvousMessage.newBuilder()
        .setRegisterPk(
            RegisterPk.newBuilder()
                .setId(id)
                .setUuid(device.uuid())
                .setPk(device.key().publicKey().bytes()))
        .build();
  }

  /** A NAT test. */
  public static RendezvousMessage testNat() {
    return RendezvousMessage.newBuilder()
        .setTestNatRequest(TestNatRequest.newBuilder().setSerial(3))
        .build();
  }

  /** A punch hole request. */
  public static RendezvousMessage punchHoleRequest(String id, String key) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(id)
                .setNatType(NatType.ASYMMETRIC)
                .setLicenceKey(key)
                .setVersion(VERSION))
        .build();
  }

  /** The message as a frame of a TCP connection. */
  public static byte[] frame(RendezvousMessage message) {
    return FrameEncoder.encode(message.toByteArray());
  }

  /** A random id of nine digits, none of those of the honest peers. */
  public static String randomId() {
    return String.valueOf(ThreadLocalRandom.current().nextInt(600_000_000, 999_999_999));
  }
}
