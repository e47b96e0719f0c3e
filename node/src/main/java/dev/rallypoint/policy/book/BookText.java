package dev.rallypoint.policy.book;

import dev.rallypoint.policy.account.AccountText;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules on the names of address books and tags, and on ids in them. */
public final class BookText {
  /** The longest name of a book, in characters. */
  public static final int LONGEST_NAME = 128;

  /** The longest name of a tag, in characters. */
  public static final int LONGEST_TAG = 128;

  /** The longest note of a book, in characters. */
  public static final int LONGEST_NOTE = 2_048;

  /** The longest password of a book, in characters. */
  public static final int LONGEST_PASSWORD = 256;

  /** The longest id of an entry, in characters; it may also be an address. */
  public static final int LONGEST_ID = 128;

  /** What clients call books of their own. */
  private static final Set<String> RESERVED = Set.of("my address book", "legacy address book");

  private static final Pattern GUID =
      Pattern.compile("[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}");
  private static final int COLORS = 12;
  private static final long OPAQUE = 0xFF000000L;

  private BookText() {}

  /** What is wrong with the name of a shared book, in one line; empty when it is fine. */
  public static Optional<String> nameFault(String name) {
    if (RESERVED.contains(AccountText.key(name))) {
      return Optional.of("the name " + name + " is reserved: clients call a book of their own so");
    }
    return lineFault("the name of an address book", name, LONGEST_NAME);
  }

  /** What is wrong with the name of a tag, in one line; empty when it is fine. */
  public static Optional<String> tagFault(String name) {
    return lineFault("a tag", name, LONGEST_TAG);
  }

  /** What is wrong with the id of an entry, in one line; empty when it is fine. */
  public static Optional<String> idFault(String id) {
    return lineFault("an id", id, LONGEST_ID);
  }

  /** What is wrong with another text, in one line; empty when it is fine. */
  public static Optional<String> textFault(String what, String text, int longest) {
    if (text.length() > longest) {
      return Optional.of("%s has more than %d characters".formatted(what, longest));
    }
    return isStorable(text) ? Optional.empty() : Optional.of(what + " has control characters");
  }

  private static Optional<String> lineFault(String what, String text, int longest) {
    if (text.isBlank()) {
      return Optional.of(what + " is empty");
    }
    return text.codePoints().anyMatch(Character::isISOControl)
        ? Optional.of(what + " has control characters")
        : textFault(what, text, longest);
  }

  /** Whether databases take it: no control characters but those of lines, no half of a pair. */
  static boolean isStorable(String text) {
    return text.codePoints()
        .noneMatch(point ->
            Character.isISOControl(point) && point != '\n' && point != '\r' && point != '\t'
                || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  /** Whether a text has the form of a guid. */
  public static boolean isGuid(String text) {
    return GUID.matcher(text).matches();
  }

  /** The color of a tag that was given none: opaque ARGB, the same for the same name. */
  public static long color(String tag) {
    int step = Math.floorMod(tag.hashCode(), COLORS);
    // Twelve colors around the circle, dark enough for white letters.
    long red = channel(step);
    long green = channel(step + 8);
    long blue = channel(step + 4);
    return OPAQUE | red << 16 | green << 8 | blue;
  }

  private static long channel(int step) {
    int distance = Math.abs(Math.floorMod(step, COLORS) - COLORS / 2);
    return 0x20 + 0x20L * Math.max(0, distance - 1);
  }
}
