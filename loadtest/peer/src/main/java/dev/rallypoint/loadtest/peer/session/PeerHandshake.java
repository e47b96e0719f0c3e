package dev.rallypoint.loadtest.peer.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.transport.PeerConnection;
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
 * The handshake with which two peers begin a session. The target signs an ephemeral key with its
 * device key. The requester trusts the device key because the server has signed it, and answers
 * with a secret in a NaCl box. When a signature is missing or wrong, the session is not encrypted;
 * that is not an error.
 */
public final class PeerHandshake {
  private PeerHandshake() {}

  /**
   * The handshake of the target, which sends first.
   *
   * @param onKeyRejected is called when the requester says that the signature does not match the
   *     registered key
   * @return the encryption of the session; empty when it is not encrypted
   */
  public static Optional<SecretChannel> asTarget(
      PeerConnection connection, PeerId id, Device device, Duration timeout, Runnable onKeyRejected)
      throws IOException, HandshakeException {
    PeerKeyExchange.Offer offer = PeerKeyExchange.Offer.create(new SecureRandom());
    ByteString signed = SignedPeerKey.sign(device.key(), id, offer.ephemeral());
    send(connection, Message.newBuilder().setSignedId(SignedId.newBuilder().setId(signed)).build());
    Message answer = parse(connection.receive(timeout));
    if (!answer.hasPublicKey()) {
      return Optional.empty();
    }
    if (answer.getPublicKey().getAsymmetricValue().isEmpty()) {
      onKeyRejected.run();
      return Optional.empty();
    }
    return Optional.of(offer.accept(answer.getPublicKey()));
  }

  /**
   * The handshake of the requester.
   *
   * @param id the id of the target
   * @param server the key of the server; empty when the key option is not a key
   * @param signedKey the target's key as signed by the server; empty when the server sent none
   * @return the encryption of the session; empty when it is not encrypted
   */
  public static Optional<SecretChannel> asRequester(
      PeerConnection connection,
      PeerId id,
      Optional<PublicKey> server,
      ByteString signedKey,
      Duration timeout)
      throws IOException, HandshakeException {
    Optional<PublicKey> device = server.flatMap(key -> SignedPeerKey.open(key, id, signedKey));
    if (device.isEmpty()) {
      send(connection, Message.getDefaultInstance());
      return Optional.empty();
    }
    Message first = parse(connection.receive(timeout));
    if (!first.hasSignedId()) {
      throw new HandshakeException("the first message of the target is not SignedId");
    }
    Optional<PublicKey> ephemeral =
        SignedPeerKey.open(device.get(), id, first.getSignedId().getId());
    if (ephemeral.isEmpty()) {
      PeerPublicKey rejection = PeerPublicKey.getDefaultInstance();
      send(connection, Message.newBuilder().setPublicKey(rejection).build());
      return Optional.empty();
    }
    PeerKeyExchange.Answer answer = PeerKeyExchange.Answer.to(ephemeral.get(), new SecureRandom());
    send(connection, Message.newBuilder().setPublicKey(answer.message()).build());
    return Optional.of(answer.channel());
  }

  private static void send(PeerConnection connection, Message message) throws IOException {
    connection.send(message.toByteArray());
  }

  private static Message parse(byte[] payload) throws HandshakeException {
    try {
      return Message.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new HandshakeException("a payload that is not a peer message");
    }
  }
}
