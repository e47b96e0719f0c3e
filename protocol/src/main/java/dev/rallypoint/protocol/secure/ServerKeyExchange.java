package dev.rallypoint.protocol.secure;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The server's side of the handshake, for one connection or for several that begin within a moment.
 * No two of these get the same secret, so that nobody can play a recorded connection again on
 * another one. Safe for all threads. The server speaks first: a KeyExchange with its signed
 * ephemeral curve25519 key (96 bytes). A client that secures the link answers with two keys: its
 * own ephemeral one (32 bytes) and the boxed secret of the link (48 bytes).
 */
public final class ServerKeyExchange {
  private static final int SECRET_LENGTH = 32;
  private static final int SEALED_KEY_LENGTH = SecretBox.MAC_LENGTH + SecretBox.KEY_LENGTH;

  /** So many connections may secure their links by one exchange. */
  private static final int MAX_CHANNELS = 1_000;

  private final byte[] secret;
  private final Set<ByteString> accepted = ConcurrentHashMap.newKeySet();
  private final RendezvousMessage offer;

  private ServerKeyExchange(SigningKey server, byte[] secret) {
    this.secret = secret;
    ByteString signed = server.sign(KeyBox.publicKey(secret));
    this.offer =
        RendezvousMessage.newBuilder()
            .setKeyExchange(KeyExchange.newBuilder().addKeys(signed))
            .build();
  }

  /** Draws an ephemeral key and signs it; give it a cryptographically strong source. */
  public static ServerKeyExchange create(SigningKey server, RandomGenerator random) {
    byte[] secret = new byte[SECRET_LENGTH];
    random.nextBytes(secret);
    return new ServerKeyExchange(server, secret);
  }

  /** Whether more connections may begin with it: not when many have secured their links by it. */
  public boolean isOpen() {
    return accepted.size() < MAX_CHANNELS;
  }

  /** The first frame of the connection, to be sent in clear. */
  public RendezvousMessage offer() {
    return offer;
  }

  /**
   * Takes the client's answer and gives the channel for every later frame.
   *
   * @throws HandshakeException for any answer that is not two genuine keys, or whose secret was
   *     accepted before
   */
  public SecretChannel accept(KeyExchange answer) throws HandshakeException {
    if (answer.getKeysCount() != 2
        || answer.getKeys(0).size() != SECRET_LENGTH
        || answer.getKeys(1).size() != SEALED_KEY_LENGTH) {
      throw new HandshakeException("a KeyExchange answer has a key of 32 and a box of 48 bytes");
    }
    byte[] opened =
        KeyBox.open(answer.getKeys(1).toByteArray(), answer.getKeys(0).toByteArray(), secret)
            .orElseThrow(
                () -> new HandshakeException("the box in a KeyExchange answer is not genuine"));
    if (!accepted.add(ByteString.copyFrom(opened))) {
      throw new HandshakeException("a KeyExchange answer was sent before");
    }
    return new SecretChannel(opened);
  }
}
