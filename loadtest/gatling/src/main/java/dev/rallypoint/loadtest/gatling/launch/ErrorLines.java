package dev.rallypoint.loadtest.gatling.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.figures.Figures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the lines of level ERROR in the log, and Netty's warnings with an exception. An {@code
 * exec} block of a scenario that throws is no request to Gatling, only such a line, and so is what
 * a task or a listener throws to Netty: without this a run of crashed users would pass.
 */
final class ErrorLines extends AppenderBase<ILoggingEvent> {
  private final Figures figures;

  private ErrorLines(Figures figures) {
    this.figures = figures;
  }

  /** Counts from now until {@link #end}. */
  static ErrorLines countedIn(Figures figures) {
    ErrorLines lines = new ErrorLines(figures);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    lines.setContext(context);
    lines.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(lines);
    return lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    boolean isSwallowed =
        event.getThrowableProxy() != null && event.getLoggerName().startsWith("io.netty.");
    if (isSwallowed || event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      figures.count(Counter.LOGGED_ERRORS);
    }
  }

  /** Counts no more. */
  void end() {
    ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLogger(Logger.ROOT_LOGGER_NAME)
        .detachAppender(this);
    stop();
  }
}
