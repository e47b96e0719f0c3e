package dev.rallypoint.loadtest.peer;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.ConnectFailure.Reason;
import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.transport.PeerConnection;
import dev.rallypoint.loadtest.peer.transport.RelayConnector;
import dev.rallypoint.loadtest.peer.transport.RendezvousConnection;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.io.IOException;
import java.util.UUID;

/**
 * The attempt of a requester to reach a target over a relay, after the direct connection has
 * failed. It sends up to three requests, each on a new connection with a new UUID.
 *
 * @param state the requester
 * @param target the peer to reach
 * @param steps the steps shared with the direct attempt
 */
record RelayAttempt(PeerState state, PeerId target, AttemptSteps steps) {
  private static final int TRIES = 3;

  /**
   * Asks for the relay, then connects to it.
   *
   * @param relay the relay that the target named
   * @param secure whether the server knew the key of the target
   * @param signedKey the key of the target as signed by the server
   */
  Session run(String relay, boolean secure, ByteString signedKey)
      throws IOException, HandshakeException, ConnectFailure {
    for (int tried = 0; tried < TRIES; tried++) {
      String uuid = UUID.randomUUID().toString();
      try (RendezvousConnection server = steps.connectToServer()) {
        server.send(request(relay, secure, uuid));
        RendezvousMessage answer = answer(server);
        if (answer.hasRelayResponse()) {
          checkNotRefused(answer.getRelayResponse());
          PeerConnection connection =
              RelayConnector.ofRequester(state.settings(), relay, uuid, target.value());
          return steps.openSession(
              connection,
              SessionPath.RELAYED_BY_REQUESTER,
              signedKey,
              server.isEncrypted(),
              answer);
        }
      }
    }
    throw new ConnectFailure(Reason.NO_ANSWER, "Timeout");
  }

  /** The licence key is not sent here, only to the relay. */
  private RendezvousMessage request(String relay, boolean secure, String uuid) {
    RequestRelay request =
        RequestRelay.newBuilder()
            .setId(target.value())
            .setUuid(uuid)
            .setRelayServer(relay)
            .setSecure(secure)
            .setToken(state.settings().options().token())
            .build();
    return RendezvousMessage.newBuilder().setRequestRelay(request).build();
  }

  private RendezvousMessage answer(RendezvousConnection server) {
    try {
      PeerSettings settings = state.settings();
      return server.receive(settings.timing().timeout(), settings.version().sendsKey());
    } catch (IOException e) {
      return RendezvousMessage.getDefaultInstance();
    }
  }

  private static void checkNotRefused(RelayResponse response) throws ConnectFailure {
    if (!response.getRefuseReason().isEmpty()) {
      throw new ConnectFailure(Reason.RELAY_REFUSED, response.getRefuseReason());
    }
  }
}
