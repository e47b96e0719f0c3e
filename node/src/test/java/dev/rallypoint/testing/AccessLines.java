package dev.rallypoint.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** The access events of all nodes of this JVM, from now until it is closed. */
public final class AccessLines implements AutoCloseable {
  private final Logger access = (Logger) LoggerFactory.getLogger("access");
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  public AccessLines() {
    access.setLevel(Level.DEBUG);
    access.setAdditive(false);
    events.start();
    access.addAppender(events);
  }

  /** Each as {@code LEVEL event name=value ...}; the seconds of a session are left open. */
  public List<String> all() {
    return List.copyOf(events.list).stream().map(AccessLines::text).toList();
  }

  private static String text(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .map(pair -> pair.key.equals("seconds") ? "seconds=*" : pair.key + "=" + pair.value)
        .collect(Collectors.joining(" ", event.getLevel() + " " + event.getMessage() + " ", ""));
  }

  @Override
  public void close() {
    access.detachAppender(events);
    access.setAdditive(true);
    access.setLevel(null);
  }
}
