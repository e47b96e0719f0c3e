package dev.rallypoint.app.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.rallypoint.config.LogSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.log.LogFormat;
import dev.rallypoint.config.log.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.LoggerFactory;

/**
 * Sets the log up by its settings: format, place and levels. A logback file of the operator's own
 * ({@code -Dlogback.configurationFile}) has the last word; then nothing is done here.
 */
public final class LogOutput {
  /** The logger above all access events. */
  private static final String ACCESS = "access";

  /** The access events that may wait to be written; further ones are left out. */
  private static final int MAX_WAITING = 8_192;

  /** How many files the megabytes of all are divided into. */
  private static final int PARTS = 10;

  private static final String LINE =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level %logger{24} - %replace(%msg %kvp{NONE}){' +$', ''}%n%ex{12}";

  private LogOutput() {}

  /**
   * Sets up the log of this process.
   *
   * @throws SettingException when the file cannot be written
   */
  public static void open(LogSettings settings) {
    if (System.getProperty("logback.configurationFile") == null
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      open(context, settings);
    }
  }

  /** Writes what waits, and ends the log of this process. */
  public static void close() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      close(context);
    }
  }

  static void close(LoggerContext context) {
    Appender<ILoggingEvent> waiting = context.getLogger(ACCESS).getAppender(ACCESS);
    if (waiting != null) {
      waiting.stop(); // before what it writes to
    }
    context.stop();
  }

  static void open(LoggerContext context, LogSettings settings) {
    Appender<ILoggingEvent> lines = lines(context, settings);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(lines);
    Logger access = context.getLogger(ACCESS);
    access.detachAndStopAllAppenders();
    access.addAppender(waiting(context, lines));
    access.setAdditive(false);
    LogLevels levels = new LogLevels(context);
    settings.levels().forEach(levels::set);
  }

  /** Writes lines in the format, and to the place, of the settings. */
  static Appender<ILoggingEvent> lines(LoggerContext context, LogSettings settings) {
    settings.file().ifPresent(LogOutput::checkWritable);
    OutputStreamAppender<ILoggingEvent> lines =
        settings
            .file()
            .map(file -> file(context, settings, file))
            .orElseGet(() -> standardError(context));
    lines.setContext(context);
    lines.setEncoder(encoder(context, settings.format()));
    lines.start();
    return lines;
  }

  private static void checkWritable(Path file) {
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException e) {
      throw new SettingException(
          LogSettings.FILE,
          file.toString(),
          "it cannot be written (%s); name a file that this user may write".formatted(e));
    }
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case TEXT -> {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern(LINE);
            yield text;
          }
          case JSON -> new JsonLines();
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static OutputStreamAppender<ILoggingEvent> standardError(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    return console;
  }

  private static OutputStreamAppender<ILoggingEvent> file(
      LoggerContext context, LogSettings settings, Path file) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
    policy.setContext(context);
    policy.setParent(appender);
    policy.setFileNamePattern(file + ".%d{yyyy-MM-dd}.%i.gz");
    policy.setMaxFileSize(new FileSize(settings.megabytes() * FileSize.MB_COEFFICIENT / PARTS));
    policy.setTotalSizeCap(
        new FileSize(settings.megabytes() * FileSize.MB_COEFFICIENT / PARTS * (PARTS - 1)));
    policy.setMaxHistory(settings.days());
    policy.setCleanHistoryOnStart(true);
    policy.start();
    appender.setRollingPolicy(policy);
    return appender;
  }

  /** Nothing that serves clients waits for a terminal or a disk that takes no more lines. */
  private static Appender<ILoggingEvent> waiting(
      LoggerContext context, Appender<ILoggingEvent> lines) {
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setName(ACCESS);
    async.setQueueSize(MAX_WAITING);
    async.setDiscardingThreshold(0);
    async.setNeverBlock(true);
    async.addAppender(lines);
    async.start();
    return async;
  }

  /** The level of logback. */
  static ch.qos.logback.classic.Level level(LogLevel level) {
    return ch.qos.logback.classic.Level.valueOf(level.name());
  }
}
