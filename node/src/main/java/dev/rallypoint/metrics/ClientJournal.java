package dev.rallypoint.metrics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.time.WallClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a node remembers of single clients, for an operator who asks why one of them cannot connect:
 * the last refusals of an id and of an address, and what a client last said about itself. In memory
 * only, bounded, for a day at most. Safe for all threads.
 */
public final class ClientJournal {
  /** Refusals that are kept of one id or address. */
  public static final int MOST_OF_ONE = 8;

  private static final int MAX_KEYS = 5_000;
  private static final Duration KEPT = Duration.ofDays(1);

  /** Under a flood no more refusals are noted in a second: each costs an allocation. */
  private static final int MAX_A_SECOND = 1_000;

  private static final Pattern VERSION = Pattern.compile("[\\w.+-]{1,32}");

  private final Cache<String, List<Refusal>> refusals = bounded();
  private final Cache<String, Said> said = bounded();
  private final WallClock clock;
  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger inSecond = new AtomicInteger();

  /**
   * One refusal.
   *
   * @param at milliseconds since 1970
   * @param id the id it was about, or empty
   * @param address whom it met
   * @param reason what was refused and why, such as {@code punch offline}
   */
  public record Refusal(long at, String id, String address, String reason) {}

  /**
   * What a client last said about itself.
   *
   * @param at milliseconds since 1970
   * @param nat its NAT type, or empty
   * @param version its version, or empty
   */
  public record Said(long at, String nat, String version) {
    /** Not every message says both. */
    private static Said over(Said old, Said now) {
      return new Said(
          now.at,
          now.nat.isEmpty() ? old.nat : now.nat,
          now.version.isEmpty() ? old.version : now.version);
    }
  }

  /** An empty journal. */
  public ClientJournal(WallClock clock) {
    this.clock = clock;
  }

  /**
   * Notes that a client was refused.
   *
   * @param id the id that it asked for or named, or null; one that no device can have is left out
   */
  public void refused(@Nullable String id, PeerAddress client, String reason) {
    long now = clock.instant().toEpochMilli();
    if (!admits(now)) {
      return;
    }
    String named = id == null ? "" : PeerId.parse(id).map(PeerId::value).orElse("");
    Refusal refusal = new Refusal(now, named, client.toString(), reason);
    if (!named.isEmpty()) {
      add(named, refusal);
    }
    add(client.ip(), refusal);
  }

  /**
   * Notes what a client said of itself, under its id or its ip. A version of odd form is left out.
   */
  public void said(String idOrIp, NatType nat, String version) {
    String type =
        switch (nat) {
          case ASYMMETRIC -> "asymmetric";
          case SYMMETRIC -> "symmetric";
          case UNKNOWN_NAT, UNRECOGNIZED -> "";
        };
    String number = VERSION.matcher(version).matches() ? version : "";
    if (!type.isEmpty() || !number.isEmpty()) {
      said.asMap()
          .merge(idOrIp, new Said(clock.instant().toEpochMilli(), type, number), Said::over);
    }
  }

  /** The last refusals of an id or of an ip, the newest first. */
  public List<Refusal> refusals(String idOrIp) {
    return refusals.asMap().getOrDefault(idOrIp, List.of());
  }

  /** What the client of an id or of an ip last said of itself. */
  public Optional<Said> said(String idOrIp) {
    return Optional.ofNullable(said.getIfPresent(idOrIp));
  }

  private void add(String key, Refusal refusal) {
    refusals
        .asMap()
        .merge(
            key,
            List.of(refusal),
            (old, one) -> Stream.concat(one.stream(), old.stream()).limit(MOST_OF_ONE).toList());
  }

  private boolean admits(long now) {
    long present = now / 1_000;
    if (second.get() != present && second.getAndSet(present) != present) {
      inSecond.set(0);
    }
    return inSecond.incrementAndGet() <= MAX_A_SECOND;
  }

  private static <V> Cache<String, V> bounded() {
    return Caffeine.newBuilder()
        .maximumSize(MAX_KEYS)
        .expireAfterWrite(KEPT)
        .executor(Runnable::run)
        .build();
  }
}
