package dev.rallypoint.app;

import dev.rallypoint.metrics.LimitListener;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs each limit that is in force: one line when it is first hit, and then one a minute as long as
 * it is hit, with the count since the last line and an example of an address. There is a limit for
 * each kind of counter, so their number is bounded. Safe for all threads.
 */
final class LimitLog implements LimitListener {
  private static final Logger LOG = LoggerFactory.getLogger(LimitLog.class);

  /** The least time between two lines about one limit. */
  static final Duration GAP = Duration.ofMinutes(1);

  /** How often counts are looked for that no line has told yet. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Ticker clock;
  private final Map<String, Tally> tallies = new ConcurrentHashMap<>();

  LimitLog(Ticker clock) {
    this.clock = clock;
  }

  /** From now on the last count of a limit is logged too when nothing hits that any more. */
  void start(ActorSystem<?> system) {
    system.scheduler().scheduleWithFixedDelay(LOOK, LOOK, this::logRest, system.executionContext());
  }

  @Override
  public void onLimit(String counter, String limit, @Nullable PeerAddress client) {
    tallies.computeIfAbsent(counter, label -> new Tally(label, limit)).hit(client);
  }

  /** Logs the counts that are older than the gap. */
  void logRest() {
    tallies.values().forEach(Tally::logIfDue);
  }

  private final class Tally {
    private final String counter;
    private final String limit;
    private final LongAdder hits = new LongAdder();
    private final LogRateLimit lines = new LogRateLimit(GAP.toNanos());
    private volatile @Nullable PeerAddress example;

    Tally(String counter, String limit) {
      this.counter = counter;
      this.limit = limit;
    }

    void hit(@Nullable PeerAddress client) {
      hits.increment();
      if (client != null) {
        example = client;
      }
      logIfDue();
    }

    void logIfDue() {
      if (hits.sum() > 0 && lines.admits(clock.nanos())) {
        PeerAddress client = example;
        LOG.warn(
            "{}: {} since the last such line{} (counted as {})",
            limit,
            hits.sumThenReset(),
            client == null ? "" : ", such as " + client.ip(),
            counter);
      }
    }
  }
}
