package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.machine.LabException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings of all nodes, each written once: a node refuses two values for one name.
 *
 * @param lines {@code name=value}, by the name
 */
record NodeSettings(Map<String, String> lines) {
  static final NodeSettings NONE = new NodeSettings(Map.of());

  private static final Pattern TIME = Pattern.compile("(\\d+)([smh]?)");

  NodeSettings {
    lines = Map.copyOf(lines);
  }

  /** These, and those instead of what has the same name. */
  NodeSettings with(List<String> more) {
    Map<String, String> merged = new LinkedHashMap<>(lines);
    more.forEach(line -> merged.put(nameIn(line), line));
    return new NodeSettings(merged);
  }

  /** Dashes or underscores, upper or lower case: it is one setting. */
  private static String nameIn(String line) {
    return line.split("=", 2)[0].strip().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As they are handed to a node. */
  List<String> words() {
    return lines.values().stream().sorted().toList();
  }

  /** A time among them, such as {@code 30s}. */
  Optional<Duration> time(String name) {
    String line = lines.get(name);
    if (line == null) {
      return Optional.empty();
    }
    Matcher time = TIME.matcher(line.substring(line.indexOf('=') + 1).strip());
    if (!time.matches()) {
      throw new LabException("a fault run wants a time in s, m or h: " + line);
    }
    long number = Long.parseLong(time.group(1));
    return Optional.of(
        switch (time.group(2)) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofSeconds(number);
        });
  }
}
