package dev.rallypoint.policy.account;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/** Rules on what people write: names, passwords and other texts of accounts. */
public final class AccountText {
  /** The longest name of a user or group, in characters. */
  public static final int LONGEST_NAME = 64;

  /** The shortest password, in characters. */
  public static final int SHORTEST_PASSWORD = 8;

  /** The longest password, in characters. */
  public static final int LONGEST_PASSWORD = 256;

  /** The longest other text, in characters. */
  public static final int LONGEST_TEXT = 512;

  private AccountText() {}

  /** What a name is compared, sorted and found by: NFKC, lower case, without outer spaces. */
  public static String key(String name) {
    return Normalizer.normalize(
        Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip(),
        Normalizer.Form.NFKC);
  }

  /** What is wrong with a name, in one line; empty when it is fine. */
  public static Optional<String> nameFault(String name) {
    if (name.isBlank() || key(name).isEmpty()) {
      return Optional.of("a name is empty");
    }
    if (name.length() > LONGEST_NAME) {
      return Optional.of("a name has more than " + LONGEST_NAME + " characters");
    }
    return isPlain(name) && name.strip().equals(name)
        ? Optional.empty()
        : Optional.of("a name has control characters, or spaces at its ends");
  }

  /** What is wrong with a new password, in one line; empty when it is fine. */
  public static Optional<String> passwordFault(String password) {
    if (password.length() < SHORTEST_PASSWORD) {
      return Optional.of("a password has less than " + SHORTEST_PASSWORD + " characters");
    }
    return password.length() > LONGEST_PASSWORD
        ? Optional.of("a password has more than " + LONGEST_PASSWORD + " characters")
        : Optional.empty();
  }

  /** What is wrong with another text, in one line; empty when it is fine. */
  public static Optional<String> textFault(String what, String text) {
    if (text.length() > LONGEST_TEXT) {
      return Optional.of(what + " has more than " + LONGEST_TEXT + " characters");
    }
    return isPlain(text) ? Optional.empty() : Optional.of(what + " has control characters");
  }

  /** A mail address of which a reader sees only enough to know it, such as {@code a***@b.org}. */
  public static String masked(String email) {
    int at = email.indexOf('@');
    return at < 1 ? "" : email.charAt(0) + "***" + email.substring(at);
  }

  private static boolean isPlain(String text) {
    return text.codePoints().noneMatch(Character::isISOControl);
  }
}
