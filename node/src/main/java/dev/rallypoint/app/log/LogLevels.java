package dev.rallypoint.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.rallypoint.config.log.LogArea;
import dev.rallypoint.config.log.LogLevel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The levels of the log's areas, which may be changed while the node runs; a change lasts until the
 * process ends. Safe for all threads.
 */
public final class LogLevels {
  private final LoggerContext context;

  LogLevels(LoggerContext context) {
    this.context = context;
  }

  /** Those of this process; empty when its log is not logback's. */
  public static Optional<LogLevels> ofProcess() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        ? Optional.of(new LogLevels(context))
        : Optional.empty();
  }

  /** Sets the level of an area, for the areas below it too where they have none of their own. */
  public void set(LogArea area, LogLevel level) {
    for (String name : area.loggers()) {
      context.getLogger(name).setLevel(LogOutput.level(level));
    }
  }

  /** Gives an area up: it has the level of the area above it again. */
  public void unset(LogArea area) {
    for (String name : area.loggers()) {
      Logger logger = context.getLogger(name);
      logger.setLevel(area == LogArea.ALL ? Level.INFO : null);
    }
  }

  /** The level in force in each area, in the order of the areas. */
  public Map<LogArea, LogLevel> inForce() {
    Map<LogArea, LogLevel> levels = new LinkedHashMap<>();
    Arrays.stream(LogArea.values())
        .forEach(area ->
            levels.put(
                area,
                LogLevel.valueOf(
                    context.getLogger(area.loggers().getFirst()).getEffectiveLevel().levelStr)));
    return levels;
  }
}
