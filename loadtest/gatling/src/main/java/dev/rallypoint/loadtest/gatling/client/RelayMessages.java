package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;

/** The first frames of the two ends of a relayed session. */
final class RelayMessages {
  /** Stands for the SignedId that a target sends at once; a requester waits for it. */
  static final byte[] HELLO = new byte[150];

  private RelayMessages() {}

  static byte[] ofRequester(String target, String uuid, String key) {
    return message(RequestRelay.newBuilder().setId(target).setUuid(uuid).setLicenceKey(key));
  }

  static byte[] ofTarget(String uuid, String key) {
    return message(RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(key));
  }

  private static byte[] message(RequestRelay.Builder request) {
    return RendezvousMessage.newBuilder().setRequestRelay(request).build().toByteArray();
  }
}
