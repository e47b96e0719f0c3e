package dev.rallypoint.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Limits the registrations of each host, so that one host cannot fill the database: RegisterPk
 * messages in a minute, and ids that nobody has yet in a day. A window begins with a host's first
 * message. A host is an IPv4 address or an IPv6 /64, because that is what one customer is given.
 *
 * <p>Not safe for several threads. Memory is bounded to about 32 MiB or 100,000 hosts; above that
 * the hosts seen least are dropped. Times are milliseconds of a monotonic clock.
 */
public final class RegistrationThrottle {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long MAX_BYTES = 32L << 20;
  private static final int HOST_BYTES = 256;
  private static final int ID_BYTES = 96;

  private final RegistrationLimits limits;
  private final Networks exempt;
  private final Cache<PeerAddress, Usage> hosts;

  /** Starts with nothing counted. */
  public RegistrationThrottle(RegistrationLimits limits) {
    this.limits = limits;
    this.exempt = new Networks(limits.exempt());
    this.hosts =
        Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((PeerAddress host, Usage usage) -> usage.bytes)
            .executor(Runnable::run)
            .build();
  }

  /**
   * What one host used of its limits.
   *
   * @param host the IPv4 address or the IPv6 /64's lowest, port 0
   * @param messages RegisterPk messages in its current minute
   * @param newIds new ids in its current day
   */
  public record HostUsage(PeerAddress host, int messages, int newIds) {}

  /** Counts one RegisterPk of a host; false over the limit of this minute. */
  public boolean admits(PeerAddress source, long nowMillis) {
    return exempt.contains(source)
        || used(source, nowMillis, Usage::countMessage).messages <= limits.perAddress();
  }

  /**
   * Counts an id that is not stored yet; false over the host's limit of this day. An id is counted
   * once, so that a client may retry.
   */
  public boolean admitsNewId(PeerAddress source, PeerId id, long nowMillis) {
    int most = limits.newIdsPerAddress();
    return exempt.contains(source)
        || used(source, nowMillis, usage -> usage.countId(id, most)).ids.contains(id);
  }

  private Usage used(PeerAddress source, long nowMillis, Consumer<Usage> change) {
    return hosts
        .asMap()
        .compute(
            hostOf(source),
            (host, seen) -> {
              Usage usage = seen == null ? new Usage(nowMillis) : seen;
              usage.turn(nowMillis);
              change.accept(usage);
              return usage;
            });
  }

  /** The usage of the busiest hosts, the busiest first. */
  public List<HostUsage> hosts(int most, long nowMillis) {
    return hosts.asMap().entrySet().stream()
        .map(entry -> entry.getValue().seen(entry.getKey(), nowMillis))
        .filter(usage -> usage.messages > 0 || usage.newIds > 0)
        .sorted(
            Comparator.comparingInt(HostUsage::messages)
                .thenComparingInt(HostUsage::newIds)
                .reversed())
        .limit(most)
        .toList();
  }

  /** The usage of one host, or empty when it has none. */
  public Optional<HostUsage> host(PeerAddress source, long nowMillis) {
    PeerAddress host = hostOf(source);
    return Optional.ofNullable(hosts.getIfPresent(host)).map(usage -> usage.seen(host, nowMillis));
  }

  /** Resets the counts of one host. */
  public void forget(PeerAddress source) {
    hosts.invalidate(hostOf(source));
  }

  /** Resets all counts. */
  public void forgetAll() {
    hosts.invalidateAll();
  }

  private static PeerAddress hostOf(PeerAddress source) {
    return source.isV4() || source.isLoopback()
        ? source.host()
        : new PeerAddress(source.high(), 0, 0);
  }

  /** One host's counts, changed only inside the map's compute. */
  private static final class Usage {
    private final Set<PeerId> ids = new HashSet<>(2);
    private long minuteFrom;
    private long dayFrom;
    private int messages;
    private int bytes = HOST_BYTES;

    Usage(long nowMillis) {
      minuteFrom = nowMillis;
      dayFrom = nowMillis;
    }

    void turn(long nowMillis) {
      if (nowMillis - minuteFrom >= MINUTE) {
        minuteFrom = nowMillis;
        messages = 0;
      }
      if (nowMillis - dayFrom >= DAY) {
        dayFrom = nowMillis;
        ids.clear();
        bytes = HOST_BYTES;
      }
    }

    void countMessage() {
      messages = Math.min(messages, Integer.MAX_VALUE - 1) + 1;
    }

    void countId(PeerId id, int most) {
      if (ids.size() < most && ids.add(id)) {
        bytes += ID_BYTES + id.value().length();
      }
    }

    HostUsage seen(PeerAddress host, long nowMillis) {
      return new HostUsage(
          host,
          nowMillis - minuteFrom < MINUTE ? messages : 0,
          nowMillis - dayFrom < DAY ? ids.size() : 0);
    }
  }
}
