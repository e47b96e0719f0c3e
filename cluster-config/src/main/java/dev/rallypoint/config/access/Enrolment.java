package dev.rallypoint.config.access;

/** Which devices may register under an id that nobody has yet. */
public enum Enrolment {
  /** Any. */
  OPEN,
  /** Those that an administrator has approved; others wait in the list of devices. */
  APPROVE,
  /** Those that were deployed with an API token. */
  DEPLOY;

  /** The name of the setting. */
  public static final String SETTING = "enrolment";

  /** Whether any device may register. */
  public boolean isOpen() {
    return this == OPEN;
  }
}
