package dev.rallypoint.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The hash of a password by Argon2id (RFC 9106), written as PHC's string format: {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. One hash takes some 70 ms of a core and 20 MB.
 *
 * @param memory KiB
 * @param passes over the memory
 * @param lanes that may be computed beside each other
 */
record PasswordHash(int memory, int passes, int lanes, byte[] salt, byte[] hash) {
  private static final int MEMORY = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int HASH_BYTES = 32;

  /** Bytes of a new salt. */
  static final int SALT_BYTES = 16;

  /** A hash that is stored must not make a node compute for minutes. */
  private static final int MOST_MEMORY = 256 * 1024;

  private static final int MOST_PASSES = 10;

  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

  /** Hashes a password with the parameters of today. */
  static PasswordHash of(String password, byte[] salt) {
    return new PasswordHash(
        MEMORY, PASSES, LANES, salt, computed(password, salt, MEMORY, PASSES, LANES, HASH_BYTES));
  }

  /** The hash in a text; empty when it is in another form, or would cost too much. */
  static Optional<PasswordHash> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int memory = Integer.parseInt(parts.group(1));
    int passes = Integer.parseInt(parts.group(2));
    int lanes = Integer.parseInt(parts.group(3));
    if (memory > MOST_MEMORY || passes < 1 || passes > MOST_PASSES || lanes < 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PasswordHash(
              memory,
              passes,
              lanes,
              Base64.getDecoder().decode(parts.group(4)),
              Base64.getDecoder().decode(parts.group(5))));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** Whether it is of this password; takes as long for each password. */
  boolean isOf(String password) {
    return MessageDigest.isEqual(
        hash, computed(password, salt, memory, passes, lanes, hash.length));
  }

  /** Whether it was made with other parameters than those of today. */
  boolean isOutdated() {
    return memory != MEMORY || passes != PASSES || lanes != LANES;
  }

  /** PHC's form. */
  String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(memory, passes, lanes, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "PasswordHash";
  }

  private static byte[] computed(
      String password, byte[] salt, int memory, int passes, int lanes, int length) {
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[length];
    argon2.generateBytes(password.getBytes(UTF_8), hash);
    return hash;
  }
}
