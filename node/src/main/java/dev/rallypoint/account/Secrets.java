package dev.rallypoint.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Random secrets, of which the database has only SHA-256: they are too long to be guessed.
 *
 * @param random cryptographically strong, safe for all threads
 */
public record Secrets(RandomGenerator random) {
  /** What tokens of clients begin with, so that a scanner of leaked secrets knows them. */
  public static final String CLIENT_TOKEN = "rpc_";

  /** What tokens of programs begin with. */
  public static final String PROGRAM_TOKEN = "rpa_";

  private static final int TOKEN_BYTES = 32;
  private static final int CODE_LETTERS = 4;

  /** Without letters that are read as others. */
  private static final String LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

  /** Random bytes. */
  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A token of 256 random bits, in base64url behind a prefix. */
  String token(String prefix) {
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(TOKEN_BYTES));
  }

  /** A code to be typed, of groups of four letters and digits with 4.9 random bits each. */
  String code(int groups) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < groups * CODE_LETTERS; i++) {
      if (i > 0 && i % CODE_LETTERS == 0) {
        code.append('-');
      }
      code.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return code.toString();
  }

  /** A guid: UUIDv7 (RFC 9562), so that rows of one time are neighbours. */
  public String guid(long nowMillis) {
    byte[] bytes = bytes(16);
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (nowMillis >>> 8 * (5 - i));
    }
    bytes[6] = (byte) (bytes[6] & 0x0f | 0x70);
    bytes[8] = (byte) (bytes[8] & 0x3f | 0x80);
    String hex = HexFormat.of().formatHex(bytes);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }

  /** SHA-256 of a text, in hex. */
  public static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The hash of a typed code, whose case, spaces and dashes do not matter. */
  static String codeHash(String code) {
    return hash(code.toUpperCase(Locale.ROOT).replaceAll("[\\s-]", ""));
  }
}
