package dev.rallypoint.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps what some classes log about the faults that a test plants, instead of printing it. */
public final class PlantedFaults implements BeforeEachCallback, AfterEachCallback {
  private final List<Logger> loggers;
  private final ListAppender<ILoggingEvent> kept = new ListAppender<>();

  /** Keeps what these classes log. */
  public PlantedFaults(Class<?>... types) {
    loggers = Stream.of(types).map(type -> (Logger) LoggerFactory.getLogger(type)).toList();
  }

  /** What was logged as an error, with its stack trace. */
  public List<ILoggingEvent> errors() {
    return kept.list.stream().filter(event -> event.getLevel() == Level.ERROR).toList();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    kept.list.clear();
    kept.start();
    loggers.forEach(logger -> {
      logger.setAdditive(false);
      logger.addAppender(kept);
    });
  }

  @Override
  public void afterEach(ExtensionContext context) {
    loggers.forEach(logger -> {
      logger.setAdditive(true);
      logger.detachAppender(kept);
    });
  }
}
