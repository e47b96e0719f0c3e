package dev.rallypoint.policy;

import java.util.regex.Pattern;

/** The rule for an id that a user chose: a letter, then 5 to 15 letters, digits, "_" or "-". */
public final class ChosenId {
  private static final Pattern FORMAT = Pattern.compile("[a-zA-Z][\\w-]{5,15}");

  private ChosenId() {}

  /** Whether a user may choose this id. */
  public static boolean isWellFormed(String id) {
    return FORMAT.matcher(id).matches();
  }
}
