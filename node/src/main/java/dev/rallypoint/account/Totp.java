package dev.rallypoint.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.security.InvalidKeyException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/**
 * Codes that change with the time (RFC 6238), as authenticator apps make them: SHA-1, 6 digits, 30
 * s. A code is taken one step before and after its own.
 */
final class Totp {
  /** Bytes of a new secret. */
  static final int SECRET_BYTES = 20;

  private static final long STEP_MILLIS = 30_000;
  private static final TimeBasedOneTimePasswordGenerator GENERATOR =
      new TimeBasedOneTimePasswordGenerator();

  private Totp() {}

  /** The step whose code this is; empty when it is none of these moments. */
  static Optional<Long> step(byte[] secret, String code, long nowMillis) {
    long now = nowMillis / STEP_MILLIS;
    return LongStream.rangeClosed(now - 1, now + 1)
        .filter(step -> code(secret, step).equals(code.strip()))
        .boxed()
        .findFirst();
  }

  /** The code of a step. */
  static String code(byte[] secret, long step) {
    try {
      return String.format(
          Locale.ROOT,
          "%06d",
          GENERATOR.generateOneTimePassword(
              new SecretKeySpec(secret, GENERATOR.getAlgorithm()),
              Instant.ofEpochMilli(step * STEP_MILLIS)));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What an authenticator app reads, as a QR code or a link. */
  static String uri(byte[] secret, String user) {
    return "otpauth://totp/Rallypoint:%s?secret=%s&issuer=Rallypoint"
        .formatted(encoded(user), Base32.toBase32String(secret).replace("=", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
