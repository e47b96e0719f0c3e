package dev.rallypoint.loadtest.gatling.figures;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * The figures of a run, beside Gatling's report: that one knows whole milliseconds only. Safe for
 * several threads. At most {@link #MOST_NAMES} request names are told apart.
 */
public final class Figures {
  /** More names than this count as {@link #OTHER}. */
  public static final int MOST_NAMES = 256;

  /** The name of the requests with a name too many. */
  public static final String OTHER = "(other)";

  private static final AtomicReference<Figures> CURRENT = new AtomicReference<>(new Figures());

  private final ConcurrentHashMap<String, RequestFigures> requests = new ConcurrentHashMap<>();
  private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
  private final List<Limit> limits = new CopyOnWriteArrayList<>();
  private volatile Instant ended = Instant.MAX;

  /** Empty figures. */
  public Figures() {
    for (Counter counter : Counter.values()) {
      counters.put(counter, new LongAdder());
    }
  }

  /** The figures of the run of this JVM that began last. */
  public static Figures current() {
    return CURRENT.get();
  }

  /** Begins a run: from now on these are the current figures. */
  public static Figures begin() {
    Figures begun = new Figures();
    CURRENT.set(begun);
    return begun;
  }

  /** Counts a successful request. */
  public void ok(String request, long nanos) {
    if (ended == Instant.MAX) {
      of(request).ok(TimeUnit.NANOSECONDS.toMicros(nanos));
    }
  }

  /** Counts a failed request; the reason is one of a small set. */
  public void ko(String request, String reason) {
    if (ended == Instant.MAX) {
      of(request).ko(reason);
    }
  }

  private RequestFigures of(String request) {
    RequestFigures known = requests.get(request);
    if (known != null) {
      return known;
    }
    String name = requests.size() < MOST_NAMES ? request : OTHER;
    return requests.computeIfAbsent(name, unused -> new RequestFigures());
  }

  /** Counts an event. */
  public void count(Counter counter) {
    if (ended == Instant.MAX) {
      counters.getOrDefault(counter, new LongAdder()).increment();
    }
  }

  /**
   * Nothing is counted any more: what is under way when the run ends is cut off by us, and would be
   * failures that are none. Gatling does the same in its report, a little earlier.
   */
  public void end() {
    if (ended == Instant.MAX) {
      ended = Instant.now();
    }
  }

  /** When the run ended; now while it has not. */
  public Instant ended() {
    Instant known = ended;
    return known == Instant.MAX ? Instant.now() : known;
  }

  /** Adds limits to judge after the run. */
  public void require(List<Limit> more) {
    limits.addAll(more);
  }

  /** The limits to judge after the run. */
  public List<Limit> limits() {
    return List.copyOf(limits);
  }

  /** The figures so far, by request name. */
  public Map<String, RequestSummary> requests() {
    Map<String, RequestSummary> summaries = new TreeMap<>();
    requests.forEach((name, figures) -> summaries.put(name, figures.summary()));
    return summaries;
  }

  /** The events so far. */
  public Map<Counter, Long> counters() {
    Map<Counter, Long> sums = new EnumMap<>(Counter.class);
    counters.forEach((counter, sum) -> sums.put(counter, sum.sum()));
    return sums;
  }
}
