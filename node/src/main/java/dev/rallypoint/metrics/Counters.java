package dev.rallypoint.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The node's counters: {@code rallypoint_<event>_total}, {@code
 * rallypoint_dropped_total{reason=...}} and {@code rallypoint_hops_total{kind=...}}. Counting is a
 * LongAdder's addition, cheap enough for each datagram; safe for all threads.
 */
public final class Counters {
  private final Map<DropReason, LongAdder> drops = new EnumMap<>(DropReason.class);
  private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);
  private final Map<Hop, LongAdder> hops = new EnumMap<>(Hop.class);

  /** Registers all counters at zero, so that a dashboard sees each from the start. */
  public Counters(MeterRegistry registry) {
    for (DropReason reason : DropReason.values()) {
      LongAdder adder = new LongAdder();
      drops.put(reason, adder);
      FunctionCounter.builder("rallypoint.dropped", adder, LongAdder::sum)
          .description("What was not served, by reason")
          .tag("reason", reason.label())
          .register(registry);
    }
    for (Hop kind : Hop.values()) {
      LongAdder adder = new LongAdder();
      hops.put(kind, adder);
      FunctionCounter.builder("rallypoint.hops", adder, LongAdder::sum)
          .description("Messages that may go to another node, by kind")
          .tag("kind", kind.label())
          .register(registry);
    }
    for (Event event : Event.values()) {
      LongAdder adder = new LongAdder();
      events.put(event, adder);
      FunctionCounter.builder("rallypoint." + event.label(), adder, LongAdder::sum)
          .description(event.label().replace('_', ' '))
          .register(registry);
    }
  }

  /** Counts one drop. */
  public void dropped(DropReason reason) {
    drops.get(reason).increment();
  }

  /** Counts one event. */
  public void count(Event event) {
    events.get(event).increment();
  }

  /** Counts several of an event at once. */
  public void count(Event event, long amount) {
    events.get(event).add(amount);
  }

  /** Counts one message that may go to another node. */
  public void hop(Hop kind) {
    hops.get(kind).increment();
  }

  /** Counts several of them at once. */
  public void hop(Hop kind, int amount) {
    hops.get(kind).add(amount);
  }

  /** How many such messages were sent. */
  public long of(Hop kind) {
    return hops.get(kind).sum();
  }

  /** How often this reason was counted. */
  public long of(DropReason reason) {
    return drops.get(reason).sum();
  }

  /** How often this event was counted. */
  public long of(Event event) {
    return events.get(event).sum();
  }
}
