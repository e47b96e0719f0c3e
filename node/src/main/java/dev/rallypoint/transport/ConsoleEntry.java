package dev.rallypoint.transport;

import dev.rallypoint.config.ConsoleMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command that a text console has: a constant of the console's enum. Its long name is that of the
 * constant, such as {@code limit-speed} for {@code LIMIT_SPEED}.
 */
public interface ConsoleEntry {
  /** What the help shows beside the long name; empty arguments for none. */
  record Help(String shortName, String arguments, String meaning) {}

  /** The name of the constant. */
  String name();

  Help help();

  /** When the command changes the node. */
  Effect effect();

  /** When a command changes the node: its settings, its lists, or what it has counted. */
  enum Effect {
    /** It shows something. */
    NONE,
    /** With any argument. */
    WITH_ARGUMENTS,
    /** With a dash as the last argument. */
    WITH_DASH,
    /** Always. */
    ALWAYS;

    private boolean isOf(List<String> arguments) {
      return switch (this) {
        case NONE -> false;
        case WITH_ARGUMENTS -> !arguments.isEmpty();
        case WITH_DASH -> !arguments.isEmpty() && arguments.getLast().equals("-");
        case ALWAYS -> true;
      };
    }
  }

  /** What a console that must not change the node answers to the command; empty to go on. */
  default Optional<String> refusal(ConsoleMode mode, List<String> arguments) {
    return mode == ConsoleMode.CHANGE || !effect().isOf(arguments)
        ? Optional.empty()
        : Optional.of("this changes the node: allow it by the setting console = Y\n");
  }

  /** Commands by long and short name; an IllegalStateException when two have the same name. */
  static <C extends ConsoleEntry> Map<String, C> byName(C[] commands) {
    return Stream.of(commands)
        .flatMap(c -> Stream.of(Map.entry(longName(c), c), Map.entry(c.help().shortName(), c)))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** One line for each command: its names, arguments and meaning. */
  static String help(ConsoleEntry[] commands) {
    return Stream.of(commands)
        .map(command -> {
          Help help = command.help();
          String names = "%s(%s) ".formatted(longName(command), help.shortName());
          return "%-48s %s%n".formatted((names + help.arguments()).strip(), help.meaning());
        })
        .collect(Collectors.joining());
  }

  private static String longName(ConsoleEntry command) {
    return command.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
