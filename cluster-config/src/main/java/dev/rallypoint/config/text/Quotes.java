package dev.rallypoint.config.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Takes off what comes along with a value and does not belong to it: a pair of quotes, which
 * Docker's env-files and lists of compose files hand on, and blanks, also the invisible ones of web
 * pages. Typographic quotes are those that word processors make of straight ones.
 */
public final class Quotes {
  private static final Pattern BLANKS =
      Pattern.compile("^[\\s\\u00A0\\u200B\\u2060\\uFEFF]+|[\\s\\u00A0\\u200B\\u2060\\uFEFF]+$");
  private static final Pattern PAIR =
      Pattern.compile("(?s)\"(.*)\"|'(.*)'|`(.*)`|[“„”](.*)[“”]|[‘‚’](.*)[‘’]|«(.*)»");
  private static final Pattern BETWEEN_QUOTED =
      Pattern.compile("[\"'`“”‘’«»]\\s*[,;]\\s*[\"'`“„‘‚«»]");

  private Quotes() {}

  /** The value without blanks and pairs of quotes around it. A list of quoted parts stays. */
  public static String off(String written) {
    String text = BLANKS.matcher(written).replaceAll("");
    Matcher pair = PAIR.matcher(text);
    if (!pair.matches() || BETWEEN_QUOTED.matcher(text).find()) {
      return text;
    }
    int group =
        IntStream.rangeClosed(1, 6).filter(i -> pair.group(i) != null).findFirst().orElse(0);
    return off(pair.group(group));
  }
}
