package dev.rallypoint.config;

import java.util.Locale;

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

  static Enrolment from(SettingReader read) {
    return switch (read.text(SETTING).toLowerCase(Locale.ROOT)) {
      case "open" -> OPEN;
      case "approve" -> APPROVE;
      case "deploy" -> DEPLOY;
      default ->
          throw new SettingException(SETTING, read.text(SETTING), "write open, approve or deploy");
    };
  }

  /** Whether any device may register. */
  public boolean isOpen() {
    return this == OPEN;
  }
}
