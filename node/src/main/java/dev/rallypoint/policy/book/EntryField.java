package dev.rallypoint.policy.book;

import java.util.Locale;
import java.util.Optional;

/** The texts of an entry of an address book. */
public enum EntryField {
  /** What people call the device. */
  ALIAS("alias", 256, false),
  /** The hash of the device's password that a client remembers; in personal books only. */
  HASH("hash", 512, true),
  /** The password of the device. */
  PASSWORD("password", 256, true),
  /** Who is logged in at the device. */
  USERNAME("username", 256, false),
  /** The name of the device in its network. */
  HOSTNAME("hostname", 256, false),
  /** Its system. */
  PLATFORM("platform", 256, false),
  /** {@code true} or {@code false}, as a text. */
  FORCE_RELAY("forceAlwaysRelay", 8, false),
  /** A port, as a text. */
  RDP_PORT("rdpPort", 16, false),
  /** For RDP. */
  RDP_USERNAME("rdpUsername", 256, false),
  /** The name that a client shows as the user. */
  LOGIN_NAME("loginName", 256, false),
  /** The name of a device group. */
  DEVICE_GROUP("device_group_name", 256, false),
  /** A note, which may have lines. */
  NOTE("note", 2_048, false);

  private final String wireName;
  private final int longest;
  private final boolean isSecret;

  EntryField(String wireName, int longest, boolean isSecret) {
    this.wireName = wireName;
    this.longest = longest;
    this.isSecret = isSecret;
  }

  /** Its name in JSON. */
  public String wireName() {
    return wireName;
  }

  /** Its column. */
  public String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The most characters. */
  public int longest() {
    return longest;
  }

  /** Whether it is sealed in the database and never logged. */
  public boolean isSecret() {
    return isSecret;
  }

  /** What is wrong with a value, in one line; empty when it is fine. */
  public Optional<String> fault(String value) {
    if (value.length() > longest) {
      return Optional.of("%s has more than %d characters".formatted(wireName, longest));
    }
    return BookText.isStorable(value)
        ? Optional.empty()
        : Optional.of(wireName + " has control characters");
  }
}
