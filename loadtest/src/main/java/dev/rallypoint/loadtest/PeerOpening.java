package dev.rallypoint.loadtest;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;

/** The two beginnings every requester's path has: the link to the server, the talk to the peer. */
record PeerOpening(PeerState state, PeerId target) {

  /** A new link to the server; secured first when the user is logged in. */
  ControlLink openSecured() throws IOException, HandshakeException {
    Profile profile = state.profile();
    ControlLink link = state.openLink();
    if (!profile.securesRequests()) {
      return link;
    }
    try {
      PublicKey key =
          profile
              .serverKey()
              .orElseThrow(() -> new HandshakeException("the key option is no public key"));
      link.secure(key, profile.timing().patience(), new SecureRandom());
    } catch (IOException | HandshakeException e) {
      if (profile.version().failsWithoutSecureLink()) {
        link.close();
        throw e;
      }
      // Older clients swallow it and go on in clear.
    }
    return link;
  }

  /** Greets the peer on a fresh path; the path is closed when that fails. */
  Session open(
      PeerPipe pipe,
      SessionPath path,
      ByteString signedKey,
      boolean askedInSecret,
      RendezvousMessage answer)
      throws IOException, HandshakeException {
    Profile profile = state.profile();
    state.hold(pipe);
    try {
      Optional<SecretChannel> channel =
          PeerHandshake.asRequester(
              pipe, target, profile.serverKey(), signedKey, profile.timing().patience());
      return Session.ofRequester(
          pipe, path, channel, askedInSecret, answer, () -> state.release(pipe));
    } catch (IOException | HandshakeException e) {
      pipe.close();
      state.release(pipe);
      throw e;
    }
  }
}
