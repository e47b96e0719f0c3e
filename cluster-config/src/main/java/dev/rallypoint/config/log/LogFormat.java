package dev.rallypoint.config.log;

/** How a line of the log is written. */
public enum LogFormat {
  /** For people: time, level, logger, message, and the fields as {@code name=value}. */
  TEXT,
  /** For programs: a JSON object on each line, whose members are the fields too. */
  JSON
}
