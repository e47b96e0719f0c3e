package dev.rallypoint.loadtest;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.Message;
import dev.rallypoint.protocol.proto.PeerPublicKey;
import dev.rallypoint.protocol.proto.SignedId;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * The first words of two peers. The target signs an ephemeral key with its device key; the
 * requester trusts that device key because the server signed it, and answers with a boxed secret.
 * Where trust fails at a step the stream stays in clear; it is not an error.
 */
final class PeerHandshake {
  private PeerHandshake() {}

  /**
   * The target's side; sends at once.
   *
   * @param onKeyDoubted called when the requester says that the signature is not the registered
   *     key's
   */
  static Optional<SecretChannel> asTarget(
      PeerPipe pipe, PeerId id, Device device, Duration timeout, Runnable onKeyDoubted)
      throws IOException, HandshakeException {
    PeerKeyExchange.Offer offer = PeerKeyExchange.Offer.create(new SecureRandom());
    ByteString signed = SignedPeerKey.sign(device.key(), id, offer.ephemeral());
    send(pipe, Message.newBuilder().setSignedId(SignedId.newBuilder().setId(signed)).build());
    Message answer = parse(pipe.receive(timeout));
    if (!answer.hasPublicKey()) {
      return Optional.empty();
    }
    if (answer.getPublicKey().getAsymmetricValue().isEmpty()) {
      onKeyDoubted.run();
      return Optional.empty();
    }
    return Optional.of(offer.accept(answer.getPublicKey()));
  }

  /**
   * The requester's side.
   *
   * @param id the id it dialled
   * @param server the server's key, empty when the user's text is none
   * @param signedKey what the server said of the target's key, empty when it said nothing
   */
  static Optional<SecretChannel> asRequester(
      PeerPipe pipe, PeerId id, Optional<PublicKey> server, ByteString signedKey, Duration timeout)
      throws IOException, HandshakeException {
    Optional<PublicKey> device = server.flatMap(key -> SignedPeerKey.open(key, id, signedKey));
    if (device.isEmpty()) {
      send(pipe, Message.getDefaultInstance());
      return Optional.empty();
    }
    Message first = parse(pipe.receive(timeout));
    if (!first.hasSignedId()) {
      throw new HandshakeException("the target's first message is no signed id");
    }
    Optional<PublicKey> ephemeral =
        SignedPeerKey.open(device.get(), id, first.getSignedId().getId());
    if (ephemeral.isEmpty()) {
      PeerPublicKey doubt = PeerPublicKey.getDefaultInstance();
      send(pipe, Message.newBuilder().setPublicKey(doubt).build());
      return Optional.empty();
    }
    PeerKeyExchange.Answer answer = PeerKeyExchange.Answer.to(ephemeral.get(), new SecureRandom());
    send(pipe, Message.newBuilder().setPublicKey(answer.message()).build());
    return Optional.of(answer.channel());
  }

  private static void send(PeerPipe pipe, Message message) throws IOException {
    pipe.send(message.toByteArray());
  }

  private static Message parse(byte[] payload) throws HandshakeException {
    try {
      return Message.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new HandshakeException("a payload that is no peer message");
    }
  }
}
