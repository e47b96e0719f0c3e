package dev.rallypoint.config;

/** How much is written into the log, the most first. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR,
  OFF
}
