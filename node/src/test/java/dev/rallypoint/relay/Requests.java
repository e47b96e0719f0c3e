package dev.rallypoint.relay;

import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;

/** First frames as clients send them. */
public final class Requests {
  private Requests() {}

  public static byte[] sideA(String uuid) {
    return sideA(uuid, ConnType.DEFAULT_CONN);
  }

  public static byte[] sideA(String uuid, ConnType connType) {
    return frame(builder(uuid).setId("123456789").setConnType(connType));
  }

  public static byte[] sideB(String uuid) {
    return frame(builder(uuid));
  }

  static RequestRelay.Builder builder(String uuid) {
    return RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(RelayLab.KEY);
  }

  static byte[] frame(RequestRelay.Builder request) {
    return FrameEncoder.encode(
        RendezvousMessage.newBuilder().setRequestRelay(request).build().toByteArray());
  }
}
