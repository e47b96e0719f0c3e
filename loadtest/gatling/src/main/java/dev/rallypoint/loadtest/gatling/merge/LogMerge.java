package dev.rallypoint.loadtest.gatling.merge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one log of several. Times count from the start of the earliest run by the clocks of the
 * generators; scenarios and assertions that occur in several logs are there once.
 */
public final class LogMerge {
  /** The name of a log in the folder of its run. */
  public static final String FILE = "simulation.log";

  /** The most that the starts of the runs may be apart. */
  static final Duration FARTHEST = Duration.ofDays(1);

  private LogMerge() {}

  /**
   * Merges logs into a new file.
   *
   * @throws LogException when one of them is no whole log, or they do not belong together
   */
  public static void merge(List<Path> logs, Path target) throws IOException {
    LogHeader header = header(logs);
    try (LogWriter writer = new LogWriter(target, header)) {
      for (Path log : logs) {
        copy(log, header, writer);
      }
    }
  }

  private static LogHeader header(List<Path> logs) throws IOException {
    List<LogHeader> headers = new ArrayList<>();
    for (Path log : logs) {
      try (LogReader reader = new LogReader(log)) {
        headers.add(reader.header());
      }
    }
    LogHeader first = headers.getFirst();
    Set<LogText> scenarios = new LinkedHashSet<>();
    Set<ByteBuffer> assertions = new LinkedHashSet<>();
    long start = headers.stream().mapToLong(LogHeader::start).min().orElseThrow();
    for (int i = 0; i < headers.size(); i++) {
      LogHeader header = headers.get(i);
      if (!header.version().equals(first.version())) {
        throw new LogException(
            "%s is of Gatling %s, %s of %s"
                .formatted(
                    logs.getFirst(),
                    first.version().shown(),
                    logs.get(i),
                    header.version().shown()));
      }
      if (header.start() - start < 0 || header.start() - start > FARTHEST.toMillis()) {
        throw new LogException(logs.get(i) + " began over a day after the first run");
      }
      scenarios.addAll(header.scenarios());
      assertions.addAll(header.assertions());
    }
    return new LogHeader(
        first.version(),
        first.simulation(),
        start,
        first.description(),
        List.copyOf(scenarios),
        List.copyOf(assertions));
  }

  private static void copy(Path log, LogHeader merged, LogWriter writer) throws IOException {
    try (LogReader reader = new LogReader(log)) {
      int shift = Math.toIntExact(reader.header().start() - merged.start());
      List<Integer> scenarios =
          reader.header().scenarios().stream().map(merged.scenarios()::indexOf).toList();
      for (@Nullable LogRecord read = reader.next(); read != null; read = reader.next()) {
        try {
          writer.write(moved(read, shift, scenarios));
        } catch (ArithmeticException e) {
          throw new LogException(log + ": a time beyond the end of a run");
        }
      }
    }
  }

  private static LogRecord moved(LogRecord read, int shift, List<Integer> scenarios) {
    return switch (read) {
      case LogRecord.Request r ->
          new LogRecord.Request(
              r.groups(),
              r.name(),
              Math.addExact(r.start(), shift),
              Math.addExact(r.end(), shift),
              r.isOk(),
              r.message());
      case LogRecord.User u ->
          new LogRecord.User(
              scenarios.get(u.scenario()), u.isStart(), Math.addExact(u.time(), shift));
      case LogRecord.Group g ->
          new LogRecord.Group(
              g.groups(),
              Math.addExact(g.start(), shift),
              Math.addExact(g.end(), shift),
              g.cumulated(),
              g.isOk());
      case LogRecord.Crash c -> new LogRecord.Crash(c.message(), Math.addExact(c.time(), shift));
    };
  }
}
