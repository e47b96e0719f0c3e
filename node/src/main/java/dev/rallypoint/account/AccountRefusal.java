package dev.rallypoint.account;

/** Thrown, also in stages, when something is not done; the message is one line for the user. */
public final class AccountRefusal extends RuntimeException {
  private final Kind kind;

  /** Why it was not done. */
  public enum Kind {
    /** What was sent is malformed, or breaks a rule. */
    INVALID,
    /** The password, code or set-up code is wrong, or the user may not log in. */
    FORBIDDEN,
    /** The token is not or no longer known. */
    TOKEN_ENDED,
    /** There is no such user, group, invitation or address book. */
    UNKNOWN,
    /** The name is taken, or the state does not allow it. */
    CONFLICT,
    /** Too many attempts, or too many at this moment. */
    TOO_MANY
  }

  /**
   * @param line what is wrong and what to do, in one line
   */
  public AccountRefusal(Kind kind, String line) {
    super(line);
    this.kind = kind;
  }

  /** Why it was not done. */
  public Kind kind() {
    return kind;
  }

  /** What was sent is malformed, or breaks a rule. */
  public static AccountRefusal invalid(String line) {
    return new AccountRefusal(Kind.INVALID, line);
  }
}
