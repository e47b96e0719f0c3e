package dev.rallypoint.config.text;

import java.io.File;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What shows that a value is not the one that was meant: a variable that nothing replaced, a
 * placeholder of an example, half a pair of quotes. Taken as it stands, such a value would be the
 * name of a new folder, with a new key pair in it, or a password that nobody has.
 */
public final class Slip {
  private static final Pattern VARIABLE =
      Pattern.compile("(?s)\\$\\{[^}]*}.*|\\$[A-Z][A-Z0-9_]*(/.*)?");
  private static final Pattern PLACEHOLDER = Pattern.compile("(?s)<.*>|\\{\\{.*}}");
  private static final Pattern HALF_QUOTED = Pattern.compile("(?s)[\"'].*|.*[\"']");
  private static final Pattern OF_WINDOWS = Pattern.compile("(?s)[A-Za-z]:[\\\\/].*|\\\\\\\\.*");

  private Slip() {}

  /**
   * What to do about a value, or empty where it may be meant.
   *
   * @param value without pairs of quotes around it
   */
  public static Optional<String> in(String value) {
    if (HALF_QUOTED.matcher(value).matches()) {
      return Optional.of("it has a quote on one side only");
    }
    if (VARIABLE.matcher(value).matches()) {
      return Optional.of("the variable was not replaced; write its value");
    }
    return PLACEHOLDER.matcher(value).matches()
        ? Optional.of("this is a placeholder; write what it stands for")
        : Optional.empty();
  }

  /** The same for a value that is the path of a file or folder. */
  public static Optional<String> inPath(String value) {
    if (value.contains("${")) {
      return Optional.of("the variable was not replaced; write its value");
    }
    if (value.matches("(?s)~[^/]*(/.*)?")) {
      return Optional.of("only a shell replaces the ~; write the home folder itself");
    }
    boolean isOfWindows = OF_WINDOWS.matcher(value).matches();
    return isOfWindows && File.separatorChar == '/'
        ? Optional.of("write a path of this system")
        : in(value);
  }
}
