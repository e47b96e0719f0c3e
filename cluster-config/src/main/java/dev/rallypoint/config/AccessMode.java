package dev.rallypoint.config;

import java.util.Locale;

/** Who may control a device, as far as the ID server decides it. */
public enum AccessMode {
  /**
   * Everybody who knows the id, but for devices that are assigned to a user: those only who have
   * access to them.
   */
  OPEN,
  /** Users who are logged in; assigned devices those only who have access to them. */
  LOGIN,
  /** Users who are logged in and have access to the device by a rule. */
  STRICT;

  /** The name of the setting. */
  public static final String SETTING = "access";

  static AccessMode from(SettingReader read) {
    String text = read.text(SETTING);
    try {
      return valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new SettingException(SETTING, text, "write open, login or strict");
    }
  }
}
