package dev.rallypoint.policy.access;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a controlling user may do in a session. On the wire each has 2 bits at twice its place: 1
 * forbids it, 2 allows it, 0 leaves it to the target.
 */
public enum ControlPermission {
  /** To type, and to move the mouse. */
  KEYBOARD,
  /** To print on the controlling side. */
  REMOTE_PRINTER,
  /** To share the clipboard. */
  CLIPBOARD,
  /** To copy files. */
  FILE,
  /** To hear. */
  AUDIO,
  /** To see by the camera. */
  CAMERA,
  /** To open a terminal. */
  TERMINAL,
  /** To forward ports. */
  TUNNEL,
  /** To restart the device. */
  RESTART,
  /** To record the session. */
  RECORDING,
  /** To block the input of the device's user. */
  BLOCK_INPUT,
  /** To change the settings of the device's client. */
  REMOTE_MODIFY,
  /** To darken the device's screen. */
  PRIVACY_MODE;

  private static final int OFF = 1;
  private static final int ON = 2;

  /** As operators write it, such as {@code block-input}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The permission of a label. */
  public static Optional<ControlPermission> of(String label) {
    for (ControlPermission one : values()) {
      if (one.label().equals(label.toLowerCase(Locale.ROOT).replace('_', '-'))) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /**
   * The permissions with this one changed.
   *
   * @param state {@code on}, {@code off} or {@code unset}
   * @return empty where the state is none of them
   */
  public Optional<Long> set(long permissions, String state) {
    int bits =
        switch (state) {
          case "on" -> ON;
          case "off" -> OFF;
          case "unset" -> 0;
          default -> -1;
        };
    return bits < 0
        ? Optional.empty()
        : Optional.of(permissions & ~(3L << 2 * ordinal()) | (long) bits << 2 * ordinal());
  }

  /** Those that are on or off, by their labels. */
  public static Map<String, String> shown(long permissions) {
    Map<String, String> shown = new LinkedHashMap<>();
    for (ControlPermission one : values()) {
      long bits = permissions >>> 2 * one.ordinal() & 3;
      if (bits == ON || bits == OFF) {
        shown.put(one.label(), bits == ON ? "on" : "off");
      }
    }
    return shown;
  }

  /** Whether a number has no other bits than those of permissions. */
  public static boolean isValid(long permissions) {
    return permissions >>> 2 * values().length == 0;
  }
}
