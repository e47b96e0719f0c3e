package dev.rallypoint.metrics;

import dev.rallypoint.metrics.access.AccessLog;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The counters of a node: {@code rallypoint_<event>_total}, {@code
 * rallypoint_dropped_total{reason=...}} and {@code rallypoint_hops_total{kind=...}}. Counting is
 * one addition to a LongAdder, cheap enough for each datagram. Safe for all threads.
 */
public final class Counters {
  /** The media type of the text format of Prometheus. */
  public static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** The media type of OpenMetrics. */
  public static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
  private final LongAdder[] drops = adders(DropReason.values());
  private final LongAdder[] events = adders(Event.values());
  private final LongAdder[] hops = adders(Hop.values());

  private final LimitListener limits;
  private final AccessLog access = new AccessLog(Ticker.SYSTEM);

  /** Registers all counters at zero, so that a dashboard sees each from the start. */
  public Counters() {
    this(LimitListener.NONE);
  }

  /**
   * The same.
   *
   * @param limits is told of each hit of a limit that is counted
   */
  public Counters(LimitListener limits) {
    this.limits = limits;
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder("rallypoint.dropped", drops[reason.ordinal()], LongAdder::sum)
          .description("What was not served, by reason")
          .tag("reason", reason.label())
          .register(registry);
    }
    for (Hop kind : Hop.values()) {
      FunctionCounter.builder("rallypoint.hops", hops[kind.ordinal()], LongAdder::sum)
          .description("Messages that may go to another node, by kind")
          .tag("kind", kind.label())
          .register(registry);
    }
    for (Event event : Event.values()) {
      String name = "rallypoint." + event.label();
      FunctionCounter.builder(name, events[event.ordinal()], LongAdder::sum)
          .description(event.label().replace('_', ' '))
          .register(registry);
    }
  }

  private static LongAdder[] adders(Enum<?>[] values) {
    return Stream.generate(LongAdder::new).limit(values.length).toArray(LongAdder[]::new);
  }

  /** The log of the single things that are counted here. */
  public AccessLog access() {
    return access;
  }

  /**
   * Registers a value that goes up and down.
   *
   * @throws IllegalArgumentException when a counter has the name
   */
  public <T> void gauge(String name, T object, ToDoubleFunction<T> value) {
    Gauge.builder(name, object, value).register(registry);
  }

  /** All of them as text, in the format of Prometheus. */
  public String text() {
    return text(PROMETHEUS_TEXT);
  }

  /** All of them as text, in the format of a media type: one of the constants of this class. */
  public String text(String mediaType) {
    return registry.scrape(mediaType);
  }

  /** Counts one drop. */
  public void dropped(DropReason reason) {
    dropped(reason, null);
  }

  /**
   * Counts one drop.
   *
   * @param client whom it met, an example for the log where the reason is a limit; null where that
   *     is not known
   */
  public void dropped(DropReason reason, @Nullable PeerAddress client) {
    drops[reason.ordinal()].increment();
    String limit = reason.limit();
    if (limit != null) {
      limits.onLimit(reason.label(), limit, client);
    }
  }

  /** Counts one event that a limit made happen to a client; null where that is not known. */
  public void count(Event event, @Nullable PeerAddress client) {
    count(event);
    String limit = event.limit();
    if (limit != null) {
      limits.onLimit(event.label(), limit, client);
    }
  }

  /** Counts several drops at once. */
  public void dropped(DropReason reason, long amount) {
    drops[reason.ordinal()].add(amount);
  }

  /** Counts one event. */
  public void count(Event event) {
    events[event.ordinal()].increment();
  }

  /** Counts several of an event at once. */
  public void count(Event event, long amount) {
    events[event.ordinal()].add(amount);
  }

  /** Counts one message that may go to another node. */
  public void hop(Hop kind) {
    hops[kind.ordinal()].increment();
  }

  /** Counts several of them at once. */
  public void hop(Hop kind, int amount) {
    hops[kind.ordinal()].add(amount);
  }

  /** How many such messages were sent. */
  public long of(Hop kind) {
    return hops[kind.ordinal()].sum();
  }

  /** How often this reason was counted. */
  public long of(DropReason reason) {
    return drops[reason.ordinal()].sum();
  }

  /** How often this event was counted. */
  public long of(Event event) {
    return events[event.ordinal()].sum();
  }
}
