package dev.rallypoint.policy.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.protocol.address.PeerAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits the pushes that a node sends to the peers registered there, so that nobody can use it to
 * flood a peer. A client asks again after 3 and 9 s, by two connections at once where it also
 * punches by UDP: six pushes in 9 s, which all pass.
 *
 * <ul>
 *   <li>For each target 4 a second, 16 at once; of those for one requester's host 2 a second, 8 at
 *       once, so that one host cannot use up what others need. A target is an ip and port: many ids
 *       may be registered from one, by forged datagrams too.
 *   <li>A source of a datagram proves nothing, so a target by UDP that never answered a push gets
 *       16 at once and then one in 5 s; of those for one requester's host 8 at once and then one in
 *       7.5 s, so that one host cannot keep others from asking a device. All such targets of one
 *       host together get 20 a second, 200 at once; for one requester's host half of that.
 * </ul>
 *
 * <p>Memory is bounded to 100,000 entries of each kind. Safe for all threads. Times are
 * milliseconds of a monotonic clock.
 */
public final class PushPace {
  private static final int MAX_KEYS = 100_000;
  private static final long ANSWERED_FOR = Duration.ofDays(1).toMillis();

  private final RatePerKey<PeerAddress> targets = new RatePerKey<>(250, 16, MAX_KEYS);
  private final RatePerKey<Pair> pairs = new RatePerKey<>(500, 8, MAX_KEYS);
  private final RatePerKey<PeerAddress> silent = new RatePerKey<>(5_000, 16, MAX_KEYS);
  private final RatePerKey<Pair> silentPairs = new RatePerKey<>(7_500, 8, MAX_KEYS);
  private final RatePerKey<PeerAddress> silentHosts = new RatePerKey<>(50, 200, MAX_KEYS);
  private final RatePerKey<Pair> silentHostPairs = new RatePerKey<>(100, 100, MAX_KEYS);
  private final Cache<PeerAddress, Long> answered =
      Caffeine.newBuilder().maximumSize(MAX_KEYS).executor(Runnable::run).build();

  private record Pair(PeerAddress requester, PeerAddress target) {}

  /** What is decided about a push. */
  public enum Verdict {
    /** It may be sent. */
    ADMITTED,
    /** There were too many to this target lately. */
    TOO_FREQUENT,
    /** There were too many to this target, or to its host, that were never answered. */
    UNANSWERED
  }

  /**
   * Decides about a push, and counts it when it is admitted.
   *
   * @param requester whose request it is sent for, or null when a node does not say
   * @param target where it goes
   * @param isLink whether it goes down a connection, whose address is proved
   */
  public synchronized Verdict push(
      @Nullable PeerAddress requester, PeerAddress target, boolean isLink, long nowMillis) {
    PeerAddress from = requester == null ? PeerAddress.ABSENT : requester.network();
    Pair pair = new Pair(from, target);
    if (!targets.admits(target, nowMillis) || !pairs.admits(pair, nowMillis)) {
      return Verdict.TOO_FREQUENT;
    }
    if (!isLink && !hasAnswered(target, nowMillis)) {
      PeerAddress host = target.network();
      Pair hostPair = new Pair(from, host);
      if (!silent.admits(target, nowMillis)
          || !silentPairs.admits(pair, nowMillis)
          || !silentHosts.admits(host, nowMillis)
          || !silentHostPairs.admits(hostPair, nowMillis)) {
        return Verdict.UNANSWERED;
      }
      silent.take(target, nowMillis);
      silentPairs.take(pair, nowMillis);
      silentHosts.take(host, nowMillis);
      silentHostPairs.take(hostPair, nowMillis);
    }
    targets.take(target, nowMillis);
    pairs.take(pair, nowMillis);
    return Verdict.ADMITTED;
  }

  private boolean hasAnswered(PeerAddress target, long nowMillis) {
    Long at = answered.getIfPresent(target);
    return at != null && nowMillis - at <= ANSWERED_FOR;
  }

  /** A target has answered a push and proved it. */
  public synchronized void answered(PeerAddress target, long nowMillis) {
    answered.put(target, nowMillis);
  }
}
