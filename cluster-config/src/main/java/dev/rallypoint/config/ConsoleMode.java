package dev.rallypoint.config;

import java.util.Locale;

/** What the text consoles answer to connections from this machine. */
public enum ConsoleMode {
  /** Their {@code health} only. */
  OFF,
  /** Commands that show something. A port forwarder may bring in connections of strangers. */
  READ,
  /** All commands, also those that change the node. */
  CHANGE;

  /** The name of the setting. */
  public static final String SETTING = "console";

  static ConsoleMode from(SettingReader read) {
    if (read.text(SETTING).toLowerCase(Locale.ROOT).equals("read")) {
      return READ;
    }
    try {
      return read.yes(SETTING) ? CHANGE : OFF;
    } catch (SettingException e) {
      throw new SettingException(SETTING, read.text(SETTING), "write read, Y or N");
    }
  }
}
