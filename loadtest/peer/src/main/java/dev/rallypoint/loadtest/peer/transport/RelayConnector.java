package dev.rallypoint.loadtest.peer.transport;

import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.settings.RelayAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Connects a peer to a relay. The first frame is RequestRelay with the UUID of the session; the
 * relay does not answer it.
 */
public final class RelayConnector {
  private RelayConnector() {}

  /** Connects a requester, whose RequestRelay carries the id of the target. */
  public static PeerConnection ofRequester(
      PeerSettings settings, String relay, String uuid, String targetId) throws IOException {
    return open(settings, relay, RequestRelay.newBuilder().setUuid(uuid).setId(targetId));
  }

  /** Connects a target, whose RequestRelay carries no id. */
  public static PeerConnection ofTarget(PeerSettings settings, String relay, String uuid)
      throws IOException {
    return open(settings, relay, RequestRelay.newBuilder().setUuid(uuid));
  }

  private static PeerConnection open(
      PeerSettings settings, String relay, RequestRelay.Builder request) throws IOException {
    request.setLicenceKey(settings.licenceKey());
    InetSocketAddress address = RelayAddress.resolve(relay);
    FrameConnection connection =
        settings.transport().isWebSocket()
            ? WebSocketFrameConnection.toRelay(settings, address)
            : new TcpFrameConnection(
                ReusePortSockets.connect(0, address, settings.timing().timeout()));
    try {
      connection.send(
          RendezvousMessage.newBuilder().setRequestRelay(request).build().toByteArray());
      return connection;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }
}
