package dev.rallypoint.metrics;

import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.access.AccessLog;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a node, whose names are those of {@link Event}, {@link DropReason}, {@link Hop},
 * {@link Refusal}, {@link Reading} and {@link Timing}. Counting is one addition to a LongAdder,
 * cheap enough for each datagram. Safe for all threads.
 */
public final class Counters {
  /** The media type of the text format of Prometheus. */
  public static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** The media type of OpenMetrics. */
  public static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private static final double NANOS = 1e9;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
  private final LongAdder[] drops = adders(DropReason.values());
  private final LongAdder[] events = adders(Event.values());
  private final LongAdder[] hops = adders(Hop.values());
  private final LongAdder[] refusals = adders(Refusal.values());
  private final Map<Timing, Histogram> timings = new EnumMap<>(Timing.class);
  private final OpenConnections connections = new OpenConnections(this);

  private final LimitListener limits;
  private final ClientEvents clients =
      new ClientEvents(new AccessLog(Ticker.SYSTEM), new ClientJournal(WallClock.SYSTEM));

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
      counter(
          "rallypoint.dropped",
          "Datagrams, frames, connections and relay legs that were not served, or were closed.",
          "reason",
          reason.label(),
          drops[reason.ordinal()]);
    }
    for (Hop kind : Hop.values()) {
      counter(
          "rallypoint.hops",
          "Messages of registrations and punch sessions that may go to another node.",
          "kind",
          kind.label(),
          hops[kind.ordinal()]);
    }
    for (Refusal refusal : Refusal.values()) {
      counter(
          refusal.asked().metric(),
          refusal.asked().help(),
          "reason",
          refusal.reason(),
          refusals[refusal.ordinal()]);
    }
    for (Event event : Event.values()) {
      FunctionCounter.builder(
              "rallypoint." + event.label(), events[event.ordinal()], LongAdder::sum)
          .description(event.help())
          .register(registry);
    }
    for (Timing timing : Timing.values()) {
      timings.put(timing, histogram(timing));
    }
  }

  private void counter(String name, String help, String label, String value, LongAdder adder) {
    FunctionCounter.builder(name, adder, LongAdder::sum)
        .description(help)
        .tag(label, value)
        .register(registry);
  }

  private Histogram histogram(Timing timing) {
    String label = timing.label();
    return Histogram.builder()
        .name(timing.metric())
        .help(timing.help())
        .labelNames(label == null ? new String[0] : new String[] {label})
        .classicOnly()
        .classicUpperBounds(timing.bounds())
        .register(registry.getPrometheusRegistry());
  }

  private static LongAdder[] adders(Enum<?>[] values) {
    return Stream.generate(LongAdder::new).limit(values.length).toArray(LongAdder[]::new);
  }

  /** Adds what the Java runtime tells of its process: heap, collections, threads, descriptors. */
  public void addRuntime() {
    JvmMetrics.builder().register(registry.getPrometheusRegistry());
  }

  /** Registers a value that goes up and down; it is asked for whenever the metrics are. */
  public void gauge(Reading reading, DoubleSupplier value) {
    register(reading, null, value);
  }

  /** Registers a value that has a label; once for each value of the label. */
  public void gauge(Reading reading, String labelValue, DoubleSupplier value) {
    register(reading, labelValue, value);
  }

  private void register(Reading reading, @Nullable String labelValue, DoubleSupplier value) {
    Gauge.Builder<DoubleSupplier> gauge =
        Gauge.builder(reading.metric(), value, DoubleSupplier::getAsDouble)
            .description(reading.help())
            .strongReference(true);
    String label = reading.label();
    if (label != null && labelValue != null) {
      gauge.tag(label, labelValue);
    } else if (label != null || labelValue != null) {
      throw new IllegalArgumentException(reading + " with " + labelValue);
    }
    gauge.register(registry);
  }

  /** The open connections by listener. */
  public OpenConnections connections() {
    return connections;
  }

  /** Adds a time to a histogram that has no label. */
  public void time(Timing timing, long nanos) {
    histogramOf(timing).observe(nanos / NANOS);
  }

  /** Adds a time to a histogram with a label. */
  public void time(Timing timing, String labelValue, long nanos) {
    histogramOf(timing).labelValues(labelValue).observe(nanos / NANOS);
  }

  private Histogram histogramOf(Timing timing) {
    return Objects.requireNonNull(timings.get(timing));
  }

  /** The log of the single things that are counted here. */
  public AccessLog access() {
    return clients.log();
  }

  /** Tells of single clients in the log, and remembers it. */
  public ClientEvents clients() {
    return clients;
  }

  /** What is remembered of single clients. */
  public ClientJournal journal() {
    return clients.journal();
  }

  /** All of them as text, in the format of Prometheus. */
  public String text() {
    return text(PROMETHEUS_TEXT);
  }

  /** All of them as text, in the format of a media type: one of the constants of this class. */
  public String text(String mediaType) {
    return registry.scrape(mediaType);
  }

  /** Counts one refusal. */
  public void refused(Refusal refusal) {
    refusals[refusal.ordinal()].increment();
  }

  /** How often this was refused. */
  public long of(Refusal refusal) {
    return refusals[refusal.ordinal()].sum();
  }

  /** Counts one drop. */
  public void dropped(DropReason reason) {
    countDrop(reason, null);
  }

  /**
   * Counts one drop of a client that is connected, and remembers it.
   *
   * @param client whom it met; null where that is not known
   */
  public void dropped(DropReason reason, @Nullable PeerAddress client) {
    dropped(reason, client, Way.CONNECTION);
  }

  /** Counts one drop of a client that came by this way, and remembers it. */
  public void dropped(DropReason reason, @Nullable PeerAddress client, Way way) {
    countDrop(reason, client);
    if (client != null) {
      journal().refused(null, client, way, reason.label());
    }
  }

  /**
   * Counts one drop whose refusal is told by {@link #clients}.
   *
   * @param client whom it met, an example for the log where the reason is a limit; null where that
   *     is not known
   */
  public void countDrop(DropReason reason, @Nullable PeerAddress client) {
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
