package dev.rallypoint.app.doctor.client;

import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.protocol.proto.TestNatRequest;

/** Messages of a client. */
final class Questions {
  /** What clients call themselves; decides what a server sends them. */
  static final String VERSION = "1.4.9";

  /** The NAT test. */
  static final RendezvousMessage NAT_TEST =
      RendezvousMessage.newBuilder().setTestNatRequest(TestNatRequest.newBuilder()).build();

  private static final int SERIAL = 3;

  private Questions() {}

  /** A heartbeat. */
  static RendezvousMessage heartbeat(String id) {
    return RendezvousMessage.newBuilder()
        .setRegisterPeer(RegisterPeer.newBuilder().setId(id).setSerial(SERIAL))
        .build();
  }

  /** What a client sends to reach a device. */
  static RendezvousMessage punch(String id, String key) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(id)
                .setLicenceKey(key)
                .setNatType(NatType.ASYMMETRIC)
                .setVersion(VERSION))
        .build();
  }

  /**
   * The first frame at the relay.
   *
   * @param id the device's for the requester's side, empty for the device's own
   */
  static RendezvousMessage relay(String id, String uuid, String key) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(RequestRelay.newBuilder().setId(id).setUuid(uuid).setLicenceKey(key))
        .build();
  }
}
