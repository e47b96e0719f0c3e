package dev.rallypoint.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many connections of clients are open, by the port they came to. Safe for all threads. */
public final class OpenConnections {
  private final Counters counters;
  private final Map<Integer, LongAdder> byPort = new ConcurrentHashMap<>();

  OpenConnections(Counters counters) {
    this.counters = counters;
  }

  /** Shows the connections of a port under the name of its listener, such as {@code relay}. */
  public void show(String listener, int port) {
    counters.gauge(Reading.CONNECTIONS, listener, of(port)::sum);
  }

  /** The number of a port's connections, which whoever opens and closes one changes. */
  public LongAdder of(int port) {
    return byPort.computeIfAbsent(port, unused -> new LongAdder());
  }
}
