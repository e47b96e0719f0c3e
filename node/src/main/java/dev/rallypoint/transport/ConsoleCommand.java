package dev.rallypoint.transport;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One line of hbbs's and hbbr's text consoles. Loopback peers are ordinary peers too, and no
 * message of theirs looks like a command: a command is printable ASCII and its first word is one of
 * the console's, while the tag of every message to those ports, right behind the frame's header, is
 * not printable.
 *
 * @param name the first word, such as {@code usage}
 * @param arguments the words behind it
 */
public record ConsoleCommand(String name, List<String> arguments) {
  /** The longest command taken, in bytes. */
  public static final int MAX_LENGTH = 1024;

  private static final String BLANK = "[ \t]";
  private static final Pattern PRINTABLE = Pattern.compile("[\t -~]*");

  /**
   * The commands that this machine may give where no console is switched on: they show no secret
   * and change nothing.
   */
  public static final Set<String> HEALTH_ONLY = Set.of("health");

  public ConsoleCommand {
    arguments = List.copyOf(arguments);
  }

  /**
   * Whether these first bytes of a connection may still become a command, so that more is to be
   * waited for. Once this is false for some bytes it is false for all that begin with them.
   *
   * @param soFar what came so far; nothing yet may become anything
   * @param names the names of the console's commands
   */
  public static boolean couldBe(byte[] soFar, Set<String> names) {
    String text = firstLine(soFar);
    if (soFar.length > MAX_LENGTH || !PRINTABLE.matcher(text).matches()) {
      return false;
    }
    String line = text.stripLeading();
    String word = line.split(BLANK, 2)[0];
    return word.length() < line.length() || isWhole(soFar)
        ? names.contains(word)
        : names.stream().anyMatch(known -> known.startsWith(word));
  }

  /** Whether a whole line has come: a command needs no silence behind it then. */
  public static boolean isWhole(byte[] soFar) {
    return firstLine(soFar).length() < soFar.length;
  }

  /** The command that these bytes are, up to their first line's end; empty when they are none. */
  public static Optional<ConsoleCommand> parse(byte[] bytes, Set<String> names) {
    if (!couldBe(bytes, names)) {
      return Optional.empty();
    }
    List<String> parts = Arrays.asList(firstLine(bytes).strip().split(BLANK + "+"));
    return names.contains(parts.getFirst())
        ? Optional.of(new ConsoleCommand(parts.getFirst(), parts.subList(1, parts.size())))
        : Optional.empty();
  }

  private static String firstLine(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII).split("[\r\n]", 2)[0];
  }
}
