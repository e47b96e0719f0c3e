package dev.rallypoint.policy.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.policy.limit.RegistrationThrottle.HostUsage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What each host has used of its limits: refused messages in a minute, new ids in a day. A window
 * begins with a host's first message. When memory is full the hosts seen least are dropped.
 */
final class HostUsages {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final int HOST_BYTES = 256;
  private static final int ID_BYTES = 96;

  private final Cache<PeerAddress, Usage> hosts;

  /** Holds about this many bytes. */
  HostUsages(long maxBytes) {
    hosts =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((PeerAddress host, Usage usage) -> usage.bytes)
            .executor(Runnable::run)
            .build();
  }

  /** Counts a message of a host; how many it has sent in this minute. */
  int countMessage(PeerAddress source, long nowMillis) {
    return used(source, nowMillis, Usage::countMessage).messages;
  }

  /** Counts a new id of a host, once; false when the host has brought so many others today. */
  boolean countId(PeerAddress source, PeerId id, int most, long nowMillis) {
    return used(source, nowMillis, usage -> usage.countId(id, most)).ids.contains(id);
  }

  private Usage used(PeerAddress source, long nowMillis, Consumer<Usage> change) {
    return hosts
        .asMap()
        .compute(
            source.network(),
            (host, seen) -> {
              Usage usage = seen == null ? new Usage(nowMillis) : seen;
              usage.turn(nowMillis);
              change.accept(usage);
              return usage;
            });
  }

  Stream<HostUsage> all(long nowMillis) {
    return hosts.asMap().entrySet().stream()
        .map(entry -> entry.getValue().seen(entry.getKey(), nowMillis));
  }

  Optional<HostUsage> of(PeerAddress source, long nowMillis) {
    PeerAddress host = source.network();
    return Optional.ofNullable(hosts.getIfPresent(host)).map(usage -> usage.seen(host, nowMillis));
  }

  void forget(PeerAddress source) {
    hosts.invalidate(source.network());
  }

  void forgetAll() {
    hosts.invalidateAll();
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
