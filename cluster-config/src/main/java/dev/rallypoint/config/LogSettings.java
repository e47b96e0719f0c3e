package dev.rallypoint.config;

import com.typesafe.config.Config;
import dev.rallypoint.config.log.LogArea;
import dev.rallypoint.config.log.LogFormat;
import dev.rallypoint.config.log.LogLevel;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the log tells, how, and where.
 *
 * @param levels the levels that are written, by their area; {@code ALL} is among them
 * @param file the file that it is written to; empty for standard error
 * @param days how many days an old file is kept
 * @param megabytes the most that the file and the old ones take together
 */
public record LogSettings(
    Map<LogArea, LogLevel> levels, LogFormat format, Optional<Path> file, int days, int megabytes) {
  /** The name of the setting for {@link #levels}. */
  public static final String LEVEL = "log-level";

  /** The name of the setting for {@link #file}. */
  public static final String FILE = "log-file";

  private static final String FORMAT = "log-format";
  private static final String DAYS = "log-file-days";
  private static final String MEGABYTES = "log-file-megabytes";

  public LogSettings {
    levels = Map.copyOf(levels);
    Checks.range(DAYS, days, 1, 3_650);
    Checks.range(MEGABYTES, megabytes, 10, 1_000_000);
  }

  /** How much is told where no area says otherwise. */
  public LogLevel level() {
    return levels.getOrDefault(LogArea.ALL, LogLevel.INFO);
  }

  static LogSettings from(Config config, Path data) {
    SettingReader read = new SettingReader(config);
    String file = read.text(FILE);
    return new LogSettings(
        levels(read.text(LEVEL)),
        format(read.text(FORMAT)),
        file.isEmpty() ? Optional.empty() : Optional.of(read.path(FILE, data)),
        read.number(DAYS),
        read.number(MEGABYTES));
  }

  private static LogFormat format(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "text" -> LogFormat.TEXT;
      case "json" -> LogFormat.JSON;
      default -> throw new SettingException(FORMAT, text, "write text or json");
    };
  }

  /** {@code INFO}, or {@code INFO,relay=DEBUG}. */
  static Map<LogArea, LogLevel> levels(String text) {
    Map<LogArea, LogLevel> levels = new EnumMap<>(LogArea.class);
    levels.put(LogArea.ALL, LogLevel.INFO);
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      String area = pair.length == 2 ? pair[0].strip() : LogArea.ALL.label();
      levels.put(area(text, area), level(text, pair[pair.length - 1]));
    }
    return levels;
  }

  private static LogArea area(String text, String label) {
    return LogArea.of(label.toLowerCase(Locale.ROOT))
        .orElseThrow(() ->
            new SettingException(
                LEVEL, text, "there is no area " + label + "; there are " + LogArea.labels()));
  }

  private static LogLevel level(String text, String level) {
    return LogLevel.of(level)
        .orElseThrow(() ->
            new SettingException(LEVEL, text, "write TRACE, DEBUG, INFO, WARN, ERROR or OFF"));
  }
}
