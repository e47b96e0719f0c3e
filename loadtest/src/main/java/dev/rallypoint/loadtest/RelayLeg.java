package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A connection to a relay; its first frame names the session to pair in, nothing is answered. */
final class RelayLeg {
  private RelayLeg() {}

  /** The requester's leg names the target's id and what the connection is for. */
  static PeerPipe ofRequester(Profile profile, String relay, String uuid, String targetId)
      throws IOException {
    RequestRelay hello =
        RequestRelay.newBuilder()
            .setId(targetId)
            .setUuid(uuid)
            .setLicenceKey(profile.licenceKey())
            .setConnType(profile.connType())
            .build();
    return open(profile, relay, hello);
  }

  /** The target's leg names neither. */
  static PeerPipe ofTarget(Profile profile, String relay, String uuid) throws IOException {
    RequestRelay hello =
        RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(profile.licenceKey()).build();
    return open(profile, relay, hello);
  }

  private static PeerPipe open(Profile profile, String relay, RequestRelay hello)
      throws IOException {
    InetSocketAddress address = RelayName.resolve(relay);
    FrameChannel socket =
        profile.transport().isWebSocket()
            ? WsFrames.toRelay(profile, address)
            : new FrameSocket(
                LocalPort.connect(profile.bind(), 0, address, profile.timing().patience()));
    try {
      socket.send(RendezvousMessage.newBuilder().setRequestRelay(hello).build().toByteArray());
      return new FramePipe(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
