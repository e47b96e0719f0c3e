package dev.rallypoint.protocol.secure;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * libsodium's {@code crypto_box} with the all-zero nonce that the handshake uses: a secretbox under
 * HSalsa20 of the X25519 shared secret. One use per key pair, so the fixed nonce is safe.
 */
final class KeyBox {
  private static final byte[] ZERO_NONCE = new byte[SecretBox.NONCE_LENGTH];

  private KeyBox() {}

  static byte[] publicKey(byte[] secret) {
    byte[] out = new byte[X25519.POINT_SIZE];
    X25519.scalarMultBase(secret, 0, out, 0);
    return out;
  }

  static Optional<byte[]> seal(byte[] plain, byte[] theirPublic, byte[] ourSecret) {
    return sharedKey(theirPublic, ourSecret).map(k -> SecretBox.seal(k, ZERO_NONCE, plain));
  }

  static Optional<byte[]> open(byte[] sealed, byte[] theirPublic, byte[] ourSecret) {
    return sharedKey(theirPublic, ourSecret).flatMap(k -> SecretBox.open(k, ZERO_NONCE, sealed));
  }

  /** Empty for a public key of low order, whose secret would be known to all. */
  private static Optional<byte[]> sharedKey(byte[] theirPublic, byte[] ourSecret) {
    byte[] shared = new byte[X25519.POINT_SIZE];
    return X25519.calculateAgreement(ourSecret, 0, theirPublic, 0, shared, 0)
        ? Optional.of(HSalsa20.derive(shared))
        : Optional.empty();
  }

  /** Bouncy Castle computes HSalsa20 inside XSalsa20's key set-up; this reads its result. */
  private static final class HSalsa20 extends XSalsa20Engine {
    static byte[] derive(byte[] key) {
      HSalsa20 engine = new HSalsa20();
      engine.init(true, new ParametersWithIV(new KeyParameter(key), ZERO_NONCE));
      ByteBuffer out = ByteBuffer.allocate(SecretBox.KEY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
      for (int word = 1; word <= 4; word++) {
        out.putInt(engine.engineState[word]);
      }
      for (int word = 11; word <= 14; word++) {
        out.putInt(engine.engineState[word]);
      }
      return out.array();
    }
  }
}
