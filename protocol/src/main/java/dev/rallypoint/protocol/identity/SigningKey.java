package dev.rallypoint.protocol.identity;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 key pair that signs: the server's (the file {@code id_ed25519}) or a device's. Its
 * secret text is libsodium's 64 bytes, {@code seed || public key}, in base64.
 */
public final class SigningKey {
  private static final int SEED_LENGTH = 32;
  private static final byte[] DERIVATION_SALT = "rallypoint".getBytes(StandardCharsets.UTF_8);

  private final byte[] seed;
  private final PublicKey publicKey;

  private SigningKey(byte[] seed) {
    this.seed = seed;
    byte[] bytes = new byte[PublicKey.LENGTH];
    Ed25519.generatePublicKey(seed, 0, bytes, 0);
    this.publicKey = new PublicKey(ByteString.copyFrom(bytes));
  }

  /** A new pair; give it a cryptographically strong source. */
  public static SigningKey generate(RandomGenerator random) {
    byte[] seed = new byte[SEED_LENGTH];
    random.nextBytes(seed);
    return new SigningKey(seed);
  }

  /** The pair of a 32-byte seed. */
  public static SigningKey ofSeed(byte[] seed) {
    if (seed.length != SEED_LENGTH) {
      throw new IllegalArgumentException("a seed of " + seed.length + " bytes");
    }
    return new SigningKey(seed.clone());
  }

  /**
   * The pair in a secret text, or empty when it is not base64 of 64 bytes or its two halves do not
   * belong together.
   */
  public static Optional<SigningKey> parse(String base64) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (decoded.length != SEED_LENGTH + PublicKey.LENGTH) {
      return Optional.empty();
    }
    SigningKey key = new SigningKey(Arrays.copyOf(decoded, SEED_LENGTH));
    ByteString second = ByteString.copyFrom(decoded, SEED_LENGTH, PublicKey.LENGTH);
    return key.publicKey.bytes().equals(second) ? Optional.of(key) : Optional.empty();
  }

  /** The public half. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** The secret text for the key file; never for a log. */
  public String secretText() {
    return Base64.getEncoder()
        .encodeToString(ByteString.copyFrom(seed).concat(publicKey.bytes()).toByteArray());
  }

  /**
   * 32 secret bytes for another purpose: HKDF-SHA256 (RFC 5869) of the seed. They tell nothing of
   * the pair, nor of the bytes for another purpose.
   *
   * @param purpose a name that is used for nothing else; the {@code info} of RFC 5869
   */
  public byte[] derive(String purpose) {
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(seed, DERIVATION_SALT, purpose.getBytes(StandardCharsets.UTF_8)));
    byte[] derived = new byte[SEED_LENGTH];
    hkdf.generateBytes(derived, 0, derived.length);
    return derived;
  }

  /** Signs in combined mode: {@code 64-byte signature || message}. */
  public ByteString sign(byte[] message) {
    byte[] signed = new byte[Ed25519.SIGNATURE_SIZE + message.length];
    System.arraycopy(message, 0, signed, Ed25519.SIGNATURE_SIZE, message.length);
    Ed25519.sign(
        seed, 0, publicKey.bytes().toByteArray(), 0, message, 0, message.length, signed, 0);
    return ByteString.copyFrom(signed);
  }

  @Override
  public String toString() {
    return "SigningKey[" + publicKey + "]";
  }
}
