package dev.rallypoint.loadtest.peer;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.session.PeerHandshake;
import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.transport.PeerConnection;
import dev.rallypoint.loadtest.peer.transport.RendezvousConnection;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The steps that the direct and the relayed attempt of a requester share.
 *
 * @param state the requester
 * @param target the peer to reach
 */
record AttemptSteps(PeerState state, PeerId target) {

  /** Connects to the ID server; encrypts the connection when the user is logged in. */
  RendezvousConnection connectToServer() throws IOException, HandshakeException {
    PeerSettings settings = state.settings();
    RendezvousConnection server = state.connectToServer();
    if (!settings.encryptsRequests()) {
      return server;
    }
    try {
      PublicKey key =
          settings
              .serverKey()
              .orElseThrow(() -> new HandshakeException("the key option is not a public key"));
      server.encrypt(key, settings.timing().timeout(), new SecureRandom());
    } catch (IOException | HandshakeException e) {
      if (settings.version().requiresEncryption()) {
        server.close();
        throw e;
      }
      // Older clients ignore the failure and continue unencrypted.
    }
    return server;
  }

  /** Does the handshake with the peer on a new connection; closes the connection on failure. */
  Session openSession(
      PeerConnection connection,
      SessionPath path,
      ByteString signedKey,
      boolean isRequestEncrypted,
      RendezvousMessage answer)
      throws IOException, HandshakeException {
    PeerSettings settings = state.settings();
    state.closeWithPeer(connection);
    try {
      Optional<SecretChannel> channel =
          PeerHandshake.asRequester(
              connection, target, settings.serverKey(), signedKey, settings.timing().timeout());
      return Session.ofRequester(
          connection, path, channel, isRequestEncrypted, answer, () -> state.forget(connection));
    } catch (IOException | HandshakeException e) {
      connection.close();
      state.forget(connection);
      throw e;
    }
  }
}
