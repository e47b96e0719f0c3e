package dev.rallypoint.config;

import java.time.Duration;

/** The bounds that the settings' records share. */
final class Checks {
  private Checks() {}

  static void port(String setting, int value, int lowest, int highest) {
    range(setting, value, lowest, highest);
  }

  static void range(String setting, long value, long lowest, long highest) {
    if (value < lowest || value > highest) {
      throw new SettingException(
          setting, value, "write a number from " + lowest + " to " + highest);
    }
  }

  static void range(String setting, Duration value, Duration lowest, Duration highest) {
    if (value.compareTo(lowest) < 0 || value.compareTo(highest) > 0) {
      throw new SettingException(
          setting,
          value.toSeconds() + "s",
          "write a time from " + lowest.toSeconds() + "s to " + highest.toSeconds() + "s");
    }
  }
}
