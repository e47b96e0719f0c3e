package dev.rallypoint.metrics.access;

/**
 * Which letters of strangers are shown to operators as they are. The others would begin a line,
 * steer a terminal, or change the order in which a line is read.
 */
public final class ShownLetters {
  private ShownLetters() {}

  /** Whether a code point is neither control, format, line end nor half of a surrogate pair. */
  public static boolean isShown(int letter) {
    return switch (Character.getType(letter)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** A text with {@code _} for each letter that is not shown. */
  public static String of(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().map(letter -> isShown(letter) ? letter : '_').forEach(shown::appendCodePoint);
    return shown.toString();
  }
}
