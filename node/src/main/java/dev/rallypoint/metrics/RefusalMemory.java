package dev.rallypoint.metrics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.metrics.ClientJournal.Refusal;
import dev.rallypoint.protocol.address.PeerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The last refusals of a bounded number of hosts. Under a flood not all are noted: {@value
 * #MOST_OF_HOST} of one host in a second, and {@value #MOST_IN_SECOND} of all together. Safe for
 * all threads.
 */
final class RefusalMemory {
  /** Refusals that are kept of one host. */
  static final int MOST_OF_HOST = 16;

  /** Refusals that are noted in a second: each costs an allocation. */
  static final int MOST_IN_SECOND = 1_000;

  private static final long SECOND = 1_000;

  private final Cache<PeerAddress, List<Refusal>> byHost;
  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger inSecond = new AtomicInteger();

  /**
   * An empty memory.
   *
   * @param hosts how many have a place
   * @param kept how long a host is remembered after its last refusal
   */
  RefusalMemory(int hosts, Duration kept) {
    byHost =
        Caffeine.newBuilder()
            .maximumSize(hosts)
            .expireAfterWrite(kept)
            .executor(Runnable::run)
            .build();
  }

  void add(Refusal refusal) {
    PeerAddress host = refusal.address().network();
    List<Refusal> before = byHost.getIfPresent(host);
    if (isFlood(before == null ? List.of() : before, refusal.at()) || !admits(refusal.at())) {
      return;
    }
    byHost
        .asMap()
        .merge(
            host,
            List.of(refusal),
            (old, one) -> Stream.concat(one.stream(), old.stream()).limit(MOST_OF_HOST).toList());
  }

  /** All that are kept, in no order. */
  Stream<Refusal> all() {
    return byHost.asMap().values().stream().flatMap(List::stream);
  }

  private static boolean isFlood(List<Refusal> before, long now) {
    return before.size() == MOST_OF_HOST && now - before.getLast().at() < SECOND;
  }

  private boolean admits(long now) {
    long present = now / SECOND;
    if (second.get() != present && second.getAndSet(present) != present) {
      inSecond.set(0);
    }
    return inSecond.incrementAndGet() <= MOST_IN_SECOND;
  }
}
