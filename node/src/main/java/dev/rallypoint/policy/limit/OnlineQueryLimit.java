package dev.rallypoint.policy.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.config.Cidr;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.address.PeerAddress;
import java.time.Duration;
import java.util.List;

/**
 * Limits how many ids the online queries of one host name, so that nobody can go through all ids: a
 * token bucket for each host, of a minute's ids. A host is an IPv4 address or an IPv6 /64. Memory
 * is bounded to 50,000 hosts, about 8 MiB. Times are milliseconds of a monotonic clock. Safe for
 * all threads.
 */
public final class OnlineQueryLimit {
  private static final int MAX_HOSTS = 50_000;
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final int perMinute;
  private final Networks exempt;

  /** For each host when its bucket is full again. */
  private final Cache<PeerAddress, Long> fullAt;

  /**
   * @param perMinute ids that one host may name in a minute
   * @param exempt networks the limit does not apply to
   */
  public OnlineQueryLimit(int perMinute, List<Cidr> exempt) {
    this.perMinute = perMinute;
    this.exempt = new Networks(exempt);
    this.fullAt = Caffeine.newBuilder().maximumSize(MAX_HOSTS).executor(Runnable::run).build();
  }

  /** Counts the ids of a query, one at least; false when its host may not name so many now. */
  public boolean admits(PeerAddress source, int ids, long nowMillis) {
    if (exempt.contains(source)) {
      return true;
    }
    long cost = Math.ceilDiv(Math.max(ids, 1) * MINUTE, perMinute);
    boolean[] isAdmitted = new boolean[1];
    fullAt
        .asMap()
        .compute(
            source.network(),
            (host, before) -> {
              long from = before == null || before - nowMillis < 0 ? nowMillis : before;
              // A query with more ids than the bucket holds takes a full one.
              isAdmitted[0] = from == nowMillis || from + cost - nowMillis <= MINUTE;
              return isAdmitted[0] ? from + Math.min(cost, MINUTE) : from;
            });
    return isAdmitted[0];
  }
}
