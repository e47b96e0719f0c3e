package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of all nodes. A later value replaces an earlier one, because a node refuses two
 * values of one name.
 *
 * @param byName {@code name=value} by the name
 */
record NodeSettings(Map<String, String> byName) {
  static final NodeSettings NONE = new NodeSettings(Map.of());

  private static final Pattern TIME = Pattern.compile("(\\d+)([smh]?)");

  NodeSettings {
    byName = Map.copyOf(byName);
  }

  /** Adds settings, which replace those of the same name. */
  NodeSettings with(List<String> more) {
    Map<String, String> merged = new LinkedHashMap<>(byName);
    more.forEach(line -> merged.put(nameIn(line), line));
    return new NodeSettings(merged);
  }

  /** The name in its usual form: with dashes and in lower case. */
  private static String nameIn(String line) {
    return line.split("=", 2)[0].strip().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The settings as {@code name=value}. */
  List<String> lines() {
    return byName.values().stream().sorted().toList();
  }

  /** The value of a setting that is a time, such as {@code 30s}. */
  Optional<Duration> time(String name) {
    String line = byName.get(name);
    if (line == null) {
      return Optional.empty();
    }
    Matcher time = TIME.matcher(line.substring(line.indexOf('=') + 1).strip());
    if (!time.matches()) {
      throw new EnvironmentException("a time must be a number of s, m or h: " + line);
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
