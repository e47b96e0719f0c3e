package dev.rallypoint.loadtest;

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
 * The boxes of the peer handshake are those of the server handshake in other envelopes: where a
 * server signs its ephemeral key bare, a target signs it together with its id. So the protocol's
 * handshake is used here, with the ephemeral key moved from one envelope to the other.
 */
final class PeerKeyExchange {
  private static final int SIGNATURE = 64;

  private PeerKeyExchange() {}

  /** The target's half: an ephemeral key to be signed, then the channel from the answer. */
  record Offer(ServerKeyExchange exchange, PublicKey ephemeral) {
    static Offer create(SecureRandom random) {
      // The signer does not matter: its signature is cut off again.
      ServerKeyExchange exchange = ServerKeyExchange.create(SigningKey.generate(random), random);
      ByteString signed = exchange.offer().getKeyExchange().getKeys(0);
      return new Offer(exchange, new PublicKey(signed.substring(SIGNATURE)));
    }

    SecretChannel accept(PeerPublicKey answer) throws HandshakeException {
      return exchange.accept(
          KeyExchange.newBuilder()
              .addKeys(answer.getAsymmetricValue())
              .addKeys(answer.getSymmetricValue())
              .build());
    }
  }

  /** The requester's half: the answer to a target's ephemeral key, and the channel. */
  record Answer(PeerPublicKey message, SecretChannel channel) {
    static Answer to(PublicKey ephemeral, SecureRandom random) throws HandshakeException {
      SigningKey envelope = SigningKey.generate(random);
      KeyExchange offer =
          KeyExchange.newBuilder().addKeys(envelope.sign(ephemeral.bytes().toByteArray())).build();
      ClientKeyExchange exchange = ClientKeyExchange.answer(envelope.publicKey(), offer, random);
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
