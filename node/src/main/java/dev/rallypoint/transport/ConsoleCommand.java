package dev.rallypoint.transport;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One line of hbbs's and hbbr's text consoles. Loopback peers are ordinary peers too, and no
 * message of theirs looks like a command: a command is printable ASCII and its first word is one of
 * the console's, while the tag of every message to those ports, right behind the frame's header, is
 * not printable.
 *
 * @param word the first word, such as {@code usage}
 * @param arguments the words behind it
 */
public record ConsoleCommand(String word, List<String> arguments) {
  /** The longest command taken, in bytes. */
  public static final int MAX_LENGTH = 1024;

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
   * @param words the first words the console knows
   */
  public static boolean couldBe(byte[] soFar, Set<String> words) {
    if (soFar.length > MAX_LENGTH) {
      return false;
    }
    int end = lineEnd(soFar);
    for (int i = 0; i < end; i++) {
      if (!isPrintable(soFar[i])) {
        return false;
      }
    }
    String line = new String(soFar, 0, end, StandardCharsets.US_ASCII).stripLeading();
    int wordEnd = firstBlank(line);
    if (wordEnd < line.length() || end < soFar.length) {
      return words.contains(line.substring(0, wordEnd));
    }
    return words.stream().anyMatch(word -> word.startsWith(line));
  }

  /** Whether a whole line has come: a command needs no silence behind it then. */
  public static boolean isWhole(byte[] soFar) {
    return lineEnd(soFar) < soFar.length;
  }

  /** The command that these bytes are, up to their first line's end; empty when they are none. */
  public static Optional<ConsoleCommand> parse(byte[] bytes, Set<String> words) {
    if (!couldBe(bytes, words)) {
      return Optional.empty();
    }
    String line = new String(bytes, 0, lineEnd(bytes), StandardCharsets.US_ASCII).strip();
    List<String> parts = Arrays.asList(line.split("[ \t]+"));
    return words.contains(parts.getFirst())
        ? Optional.of(new ConsoleCommand(parts.getFirst(), parts.subList(1, parts.size())))
        : Optional.empty();
  }

  private static int lineEnd(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        return i;
      }
    }
    return bytes.length;
  }

  private static int firstBlank(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == ' ' || line.charAt(i) == '\t') {
        return i;
      }
    }
    return line.length();
  }

  private static boolean isPrintable(byte b) {
    return b == '\t' || (b >= 0x20 && b < 0x7F);
  }
}
