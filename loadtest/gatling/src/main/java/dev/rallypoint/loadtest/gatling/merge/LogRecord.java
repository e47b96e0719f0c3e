package dev.rallypoint.loadtest.gatling.merge;

import java.util.List;

/** A record behind the header. Times are milliseconds since the start in the header. */
sealed interface LogRecord {
  /** A request and how it ended. */
  record Request(
      List<LogText> groups, LogText name, int start, int end, boolean isOk, LogText message)
      implements LogRecord {}

  /** A user has started or ended. */
  record User(int scenario, boolean isStart, int time) implements LogRecord {}

  /** A user has left a group. */
  record Group(List<LogText> groups, int start, int end, int cumulated, boolean isOk)
      implements LogRecord {}

  /** An error outside of a request. */
  record Crash(LogText message, int time) implements LogRecord {}
}
