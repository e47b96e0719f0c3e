package dev.rallypoint.protocol.secure;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.random.RandomGenerator;

/**
 * The client's side of the handshake, for simulated clients and tests.
 *
 * @param answer the frame to send in clear
 * @param channel the channel for every frame after it
 */
public record ClientKeyExchange(RendezvousMessage answer, SecretChannel channel) {

  /**
   * Checks the server's offer with the key the user configured, and answers it.
   *
   * @throws HandshakeException for an offer that is not one key signed by that server
   */
  public static ClientKeyExchange answer(
      PublicKey server, KeyExchange offer, RandomGenerator random) throws HandshakeException {
    if (offer.getKeysCount() != 1) {
      throw new HandshakeException("a KeyExchange offer has one key");
    }
    byte[] serverKey =
        server
            .openSigned(offer.getKeys(0))
            .filter(key -> key.length == SecretBox.KEY_LENGTH)
            .orElseThrow(() -> new HandshakeException("signature mismatch in key exchange"));
    byte[] secret = new byte[SecretBox.KEY_LENGTH];
    random.nextBytes(secret);
    byte[] linkKey = new byte[SecretBox.KEY_LENGTH];
    random.nextBytes(linkKey);
    byte[] sealed =
        KeyBox.seal(linkKey, serverKey, secret)
            .orElseThrow(() -> new HandshakeException("the server's key is of low order"));
    KeyExchange keys =
        KeyExchange.newBuilder()
            .addKeys(ByteString.copyFrom(KeyBox.publicKey(secret)))
            .addKeys(ByteString.copyFrom(sealed))
            .build();
    return new ClientKeyExchange(
        RendezvousMessage.newBuilder().setKeyExchange(keys).build(), new SecretChannel(linkKey));
  }
}
