package dev.rallypoint.config.log;

import java.util.Arrays;
import java.util.Optional;

/** How much is written into the log, the most first. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR,
  OFF;

  /** The level of a text in upper or lower case. */
  public static Optional<LogLevel> of(String text) {
    String name = text.strip();
    return Arrays.stream(values()).filter(level -> level.name().equalsIgnoreCase(name)).findFirst();
  }
}
