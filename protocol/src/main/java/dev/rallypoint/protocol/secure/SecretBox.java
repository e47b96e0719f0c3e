package dev.rallypoint.protocol.secure;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * libsodium's {@code crypto_secretbox} (xsalsa20-poly1305): 16 bytes of MAC, then the ciphertext.
 * The first 32 bytes of the key stream are the MAC's one-time key.
 */
final class SecretBox {
  static final int KEY_LENGTH = 32;
  static final int NONCE_LENGTH = 24;
  static final int MAC_LENGTH = 16;

  private SecretBox() {}

  static byte[] seal(byte[] key, byte[] nonce, byte[] plain) {
    XSalsa20Engine stream = stream(key, nonce);
    Poly1305 mac = mac(stream);
    byte[] sealed = new byte[MAC_LENGTH + plain.length];
    stream.processBytes(plain, 0, plain.length, sealed, MAC_LENGTH);
    mac.update(sealed, MAC_LENGTH, plain.length);
    mac.doFinal(sealed, 0);
    return sealed;
  }

  /** The plaintext, or empty when the MAC does not fit. */
  static Optional<byte[]> open(byte[] key, byte[] nonce, byte[] sealed) {
    if (sealed.length < MAC_LENGTH) {
      return Optional.empty();
    }
    XSalsa20Engine stream = stream(key, nonce);
    Poly1305 mac = mac(stream);
    int length = sealed.length - MAC_LENGTH;
    mac.update(sealed, MAC_LENGTH, length);
    byte[] expected = new byte[MAC_LENGTH];
    mac.doFinal(expected, 0);
    byte[] given = Arrays.copyOf(sealed, MAC_LENGTH);
    if (!org.bouncycastle.util.Arrays.constantTimeAreEqual(expected, given)) {
      return Optional.empty();
    }
    byte[] plain = new byte[length];
    stream.processBytes(sealed, MAC_LENGTH, length, plain, 0);
    return Optional.of(plain);
  }

  private static XSalsa20Engine stream(byte[] key, byte[] nonce) {
    XSalsa20Engine engine = new XSalsa20Engine();
    engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    return engine;
  }

  private static Poly1305 mac(XSalsa20Engine stream) {
    byte[] oneTimeKey = new byte[KEY_LENGTH];
    stream.processBytes(oneTimeKey, 0, KEY_LENGTH, oneTimeKey, 0);
    Poly1305 mac = new Poly1305();
    mac.init(new KeyParameter(oneTimeKey));
    return mac;
  }
}
