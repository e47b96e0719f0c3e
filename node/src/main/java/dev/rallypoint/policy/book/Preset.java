package dev.rallypoint.policy.book;

/**
 * What a device asks to be in an address book as. Each but the book may be empty.
 *
 * @param book the name of a shared book
 */
public record Preset(String book, String tag, String alias, String password, String note) {
  private static final int PARTS = 5;

  /**
   * Reads the form {@code book[,tag[,alias[,password[,note]]]]}. A note may have commas.
   *
   * @param value such as {@code Support,vip,Till 7}
   */
  public static Preset parse(String value) {
    String[] parts = value.split(",", PARTS);
    return new Preset(
        part(parts, 0), part(parts, 1), part(parts, 2), part(parts, 3), part(parts, 4));
  }

  private static String part(String[] parts, int at) {
    return at < parts.length ? parts[at].strip() : "";
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Preset[" + book + "]";
  }
}
