package dev.rallypoint.loadtest.peer.session;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.PeerPublicKey;
import dev.rallypoint.protocol.secure.ClientKeyExchange;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import java.security.SecureRandom;

/**
 * The key exchange of the peer handshake. It is that of the server handshake in other messages: a
 * server signs its ephemeral key alone, a target signs it together with its id. So this class uses
 * the server handshake and moves the ephemeral key from one message to the other.
 */
final class PeerKeyExchange {
  private static final int SIGNATURE_LENGTH = 64;

  private PeerKeyExchange() {}

  /**
   * The part of the target.
   *
   * @param exchange the server handshake that is used
   * @param ephemeral the key to send, signed together with the id
   */
  record Offer(ServerKeyExchange exchange, PublicKey ephemeral) {
    static Offer create(SecureRandom random) {
      // Any signer does: its signature is cut off again.
      ServerKeyExchange exchange = ServerKeyExchange.create(SigningKey.generate(random), random);
      ByteString signed = exchange.offer().getKeyExchange().getKeys(0);
      return new Offer(exchange, new PublicKey(signed.substring(SIGNATURE_LENGTH)));
    }

    SecretChannel accept(PeerPublicKey answer) throws HandshakeException {
      return exchange.accept(
          KeyExchange.newBuilder()
              .addKeys(answer.getAsymmetricValue())
              .addKeys(answer.getSymmetricValue())
              .build());
    }
  }

  /**
   * The part of the requester.
   *
   * @param message the answer to the ephemeral key
   * @param channel the encryption of the session
   */
  record Answer(PeerPublicKey message, SecretChannel channel) {
    static Answer to(PublicKey ephemeral, SecureRandom random) throws HandshakeException {
      SigningKey signer = SigningKey.generate(random);
      KeyExchange offer =
          KeyExchange.newBuilder().addKeys(signer.sign(ephemeral.bytes().toByteArray())).build();
      ClientKeyExchange exchange = ClientKeyExchange.answer(signer.publicKey(), offer, random);
      KeyExchange keys = exchange.answer().getKeyExchange();
      PeerPublicKey message =
          PeerPublicKey.newBuilder()
              .setAsymmetricValue(keys.getKeys(0))
              .setSymmetricValue(keys.getKeys(1))
              .build();
      return new Answer(message, exchange.channel());
    }
  }
}
