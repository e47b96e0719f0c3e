package dev.rallypoint.loadtest;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.ConnectFailure.Reason;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.io.IOException;
import java.util.UUID;

/**
 * The way round when no direct connection came about: up to three requests for a relay, each on a
 * new connection with a new uuid.
 */
record RelayAttempt(PeerState state, PeerId target, PeerOpening opening) {
  private static final int TRIES = 3;

  /**
   * Asks, then connects to the relay.
   *
   * @param relay the relay the target named
   * @param secure whether the server knew the target's key
   * @param signedKey the server's word on the target's key
   */
  Session run(String relay, boolean secure, ByteString signedKey)
      throws IOException, HandshakeException, ConnectFailure {
    for (int tried = 0; tried < TRIES; tried++) {
      String uuid = UUID.randomUUID().toString();
      try (ControlLink link = opening.openSecured()) {
        link.send(request(relay, secure, uuid));
        RendezvousMessage answer = answer(link);
        if (answer.hasRelayResponse()) {
          refuse(answer.getRelayResponse());
          PeerPipe leg = RelayLeg.ofRequester(state.profile(), relay, uuid, target.value());
          return opening.open(
              leg, SessionPath.RELAYED_BY_REQUESTER, signedKey, link.isSecured(), answer);
        }
      }
    }
    throw new ConnectFailure(Reason.NO_ANSWER, "Timeout");
  }

  /** Neither a licence key nor a purpose is named here: only the relay hears them. */
  private RendezvousMessage request(String relay, boolean secure, String uuid) {
    RequestRelay request =
        RequestRelay.newBuilder()
            .setId(target.value())
            .setUuid(uuid)
            .setRelayServer(relay)
            .setSecure(secure)
            .setToken(state.profile().token())
            .build();
    return RendezvousMessage.newBuilder().setRequestRelay(request).build();
  }

  private RendezvousMessage answer(ControlLink link) {
    try {
      Profile profile = state.profile();
      return link.receive(profile.timing().patience(), profile.version().knowsKeys());
    } catch (IOException e) {
      return RendezvousMessage.getDefaultInstance();
    }
  }

  private static void refuse(RelayResponse response) throws ConnectFailure {
    if (!response.getRefuseReason().isEmpty()) {
      throw new ConnectFailure(Reason.RELAY_REFUSED, response.getRefuseReason());
    }
  }
}
