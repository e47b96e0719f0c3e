package dev.rallypoint.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rallypoint.protocol.identity.SigningKey;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets for the database by AES-256-GCM. The key is derived from the server's key pair,
 * which all nodes of a cluster have.
 */
public final class Seal {
  private static final String PURPOSE = "rallypoint api secrets";
  private static final String VERSION = "1:";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final Secrets secrets;

  /** A seal of the server's pair. */
  public Seal(SigningKey pair, Secrets secrets) {
    this.key = new SecretKeySpec(pair.derive(PURPOSE), "AES");
    this.secrets = secrets;
  }

  /**
   * Seals a secret.
   *
   * @param owner what it belongs to; it cannot be opened for another
   */
  public String seal(byte[] secret, String owner) {
    byte[] nonce = secrets.bytes(NONCE_BYTES);
    byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, secret, owner).orElseThrow();
    byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
    return VERSION + Base64.getEncoder().encodeToString(all);
  }

  /** The secret, or empty when it was sealed by another key or for another owner. */
  public Optional<byte[]> open(String text, String owner) {
    if (!text.startsWith(VERSION)) {
      return Optional.empty();
    }
    byte[] all = Base64.getDecoder().decode(text.substring(VERSION.length()));
    if (all.length <= NONCE_BYTES) {
      return Optional.empty();
    }
    return run(
        Cipher.DECRYPT_MODE,
        Arrays.copyOf(all, NONCE_BYTES),
        Arrays.copyOfRange(all, NONCE_BYTES, all.length),
        owner);
  }

  private Optional<byte[]> run(int mode, byte[] nonce, byte[] bytes, String owner) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(owner.getBytes(UTF_8));
      return Optional.of(cipher.doFinal(bytes));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
