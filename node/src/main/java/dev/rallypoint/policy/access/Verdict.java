package dev.rallypoint.policy.access;

import java.util.List;

/**
 * What was decided.
 *
 * @param reason the last of the reasons, which decides
 * @param chain what was looked at, one line each
 * @param permissions for the session where it is allowed, 2 bits each as on the wire
 */
public record Verdict(Reason reason, List<String> chain, long permissions) {
  private static final String NO_ACCESS = "Not allowed: you have no access to this device";

  /** Why a device may be controlled, or may not. Clients do not retry after "Not allowed". */
  public enum Reason {
    /** The device's own user has asked for it, by "switch sides". */
    SWITCH_GRANT(""),
    /** An administrator controls each device. */
    ADMINISTRATOR(""),
    /** The device is assigned to the user. */
    OWNER(""),
    /** The device is assigned to a user of the same group. */
    SAME_GROUP(""),
    /** A rule allows it. */
    RULE(""),
    /** The device is assigned to nobody. */
    UNASSIGNED(""),
    /** There is nothing to decide by. */
    OPEN(""),
    /** The token is not known, or not any more. */
    LOGIN_ENDED("Not allowed: your login has ended, log in again"),
    /** It takes a login. */
    NOT_LOGGED_IN("Not allowed: log in to your account first"),
    /** The organization is disabled. */
    ORGANIZATION_DISABLED("Not allowed: your organization is disabled on this server"),
    /** The user is disabled. */
    USER_DISABLED("Not allowed: your account is disabled on this server"),
    /** The device is disabled. */
    DEVICE_DISABLED("Not allowed: this device is disabled"),
    /** Nobody has approved the device yet. */
    DEVICE_UNAPPROVED("Not allowed: this device waits for approval"),
    /** A rule forbids the controlling client's network. */
    NETWORK("Not allowed: devices may not be controlled from your network"),
    /** The device is assigned to nobody, and the mode takes a rule. */
    UNASSIGNED_DEVICE(NO_ACCESS),
    /** Nothing allows it. */
    NO_RULE(NO_ACCESS),
    /** The database does not answer, and what is known is too old. */
    UNCHECKED("Not allowed: cannot check permissions right now");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  public Verdict {
    chain = List.copyOf(chain);
  }

  /** A refusal, or a permission without a limit. */
  static Verdict of(Reason reason, String... chain) {
    return new Verdict(reason, List.of(chain), 0);
  }

  /** It cannot be decided now. */
  public static Verdict unchecked() {
    return of(Reason.UNCHECKED, "the database of accounts does not answer");
  }

  /** The log-in that a session began with has ended. */
  public static Verdict ended() {
    return of(Reason.LOGIN_ENDED, "the token is not known, or not any more");
  }

  /** Nothing is decided. */
  public static Verdict open() {
    return of(Reason.OPEN, "nothing is decided by accounts");
  }

  /** Whether the device may be controlled. */
  public boolean isAllowed() {
    return reason.text.isEmpty();
  }

  /** What the refused client shows; empty where it is allowed. */
  public String text() {
    return reason.text;
  }
}
