package dev.rallypoint.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The hosts that targets answered from and the relays they named, in answers that hold the secret
 * of their attempt. So a target with a second line, or one that comes by IPv4 and IPv6 in turn, is
 * known by both. Kept for an hour after the last such answer, for 50,000 targets. Safe for all
 * threads. Times are milliseconds of a monotonic clock.
 */
public final class ProvenTargets {
  private static final long KEPT = Duration.ofHours(1).toMillis();
  private static final int MAX_TARGETS = 50_000;
  private static final int MAX_EACH = 4;

  private static final Trace NONE = new Trace(List.of(), List.of(), 0);

  private final Cache<PeerId, Trace> traces =
      Caffeine.newBuilder().maximumSize(MAX_TARGETS).executor(Runnable::run).build();

  private record Trace(List<PeerAddress> hosts, List<String> relays, long atMillis) {}

  /** A target proved itself from this address and named this relay, or none. */
  public void add(PeerId target, PeerAddress source, String relay, long nowMillis) {
    traces
        .asMap()
        .compute(
            target,
            (id, known) -> {
              Trace before = known == null || isOld(known, nowMillis) ? NONE : known;
              return new Trace(
                  newest(source.network(), before.hosts),
                  relay.isEmpty() || relay.length() > RelayNames.MAX_LENGTH
                      ? before.relays
                      : newest(relay, before.relays),
                  nowMillis);
            });
  }

  private static <T> List<T> newest(T first, List<T> others) {
    return Stream.concat(Stream.of(first), others.stream().filter(other -> !other.equals(first)))
        .limit(MAX_EACH)
        .toList();
  }

  /** Whether the target has proved itself from the host of this address. */
  public boolean uses(PeerId target, PeerAddress source, long nowMillis) {
    return of(target, nowMillis).hosts.contains(source.network());
  }

  /** The relays that the target has named, the last one first. */
  public List<String> relays(PeerId target, long nowMillis) {
    return of(target, nowMillis).relays;
  }

  private Trace of(PeerId target, long nowMillis) {
    Trace trace = traces.getIfPresent(target);
    return trace == null || isOld(trace, nowMillis) ? NONE : trace;
  }

  private static boolean isOld(Trace trace, long nowMillis) {
    return nowMillis - trace.atMillis > KEPT;
  }
}
