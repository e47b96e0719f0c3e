package dev.rallypoint.access;

import dev.rallypoint.protocol.identity.SigningKey;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals references for targets by AES-256-GCM, in base64url, and opens them when they come back.
 * The key is derived from the server's key pair: any node of a cluster reads what another one
 * wrote, and nobody else can read or make one. Safe for all threads.
 */
public final class AuditReferences {
  private static final String PURPOSE = "rallypoint audit references";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /** The longest text that is looked at. */
  private static final int LONGEST = 256;

  private final SecretKeySpec key;
  private final RandomGenerator random;

  /**
   * References of the server's pair.
   *
   * @param random cryptographically strong, safe for all threads
   */
  public AuditReferences(SigningKey pair, RandomGenerator random) {
    this.key = new SecretKeySpec(pair.derive(PURPOSE), "AES");
    this.random = random;
  }

  /** The sealed text of a reference. */
  public String seal(AuditReference reference) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, reference.bytes()).orElseThrow();
    byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /** The reference of a text; empty when this cluster has not sealed it. */
  public Optional<AuditReference> open(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return Optional.empty();
    }
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (all.length <= NONCE_BYTES) {
      return Optional.empty();
    }
    return run(
            Cipher.DECRYPT_MODE,
            Arrays.copyOf(all, NONCE_BYTES),
            Arrays.copyOfRange(all, NONCE_BYTES, all.length))
        .flatMap(AuditReference::of);
  }

  private Optional<byte[]> run(int mode, byte[] nonce, byte[] bytes) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      return Optional.of(cipher.doFinal(bytes));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
