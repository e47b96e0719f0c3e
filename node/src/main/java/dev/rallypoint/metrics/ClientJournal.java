package dev.rallypoint.metrics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.time.WallClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a node remembers of single clients, for an operator who asks why one of them cannot connect:
 * the last refusals about an id and of an address, and what a client last said about itself. In
 * memory only, for a day at most. Each host, an IPv4 address or an IPv6 /64, has one place, and
 * refusals of datagrams have places of their own: their sources can be forged. So neither one
 * client nor a flood of datagrams displaces what is known of others. Safe for all threads.
 */
public final class ClientJournal {
  /** Refusals of connections in an answer about one id or address; and so many of datagrams. */
  public static final int MOST_OF_ONE = 8;

  private static final int CONNECTION_HOSTS = 4_000;
  private static final int DATAGRAM_HOSTS = 1_000;
  private static final int MAX_SAID = 5_000;
  private static final Duration KEPT = Duration.ofDays(1);
  private static final Comparator<Refusal> NEWEST_FIRST =
      Comparator.comparingLong(Refusal::at).reversed();
  private static final Pattern VERSION = Pattern.compile("[\\w.+-]{1,32}");

  private final RefusalMemory connections = new RefusalMemory(CONNECTION_HOSTS, KEPT);
  private final RefusalMemory datagrams = new RefusalMemory(DATAGRAM_HOSTS, KEPT);
  private final Cache<String, Said> said =
      Caffeine.newBuilder()
          .maximumSize(MAX_SAID)
          .expireAfterWrite(KEPT)
          .executor(Runnable::run)
          .build();
  private final WallClock clock;

  /** By what a client came. */
  public enum Way {
    /** TCP or WebSocket: the client has the address that is seen. */
    CONNECTION,
    /** UDP: the address may be forged. */
    DATAGRAM
  }

  /**
   * One refusal.
   *
   * @param at milliseconds since 1970
   * @param id the id it was about, or empty
   * @param address whom it met
   * @param reason what was refused and why, such as {@code punch offline}
   */
  public record Refusal(long at, String id, PeerAddress address, String reason) {}

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
  public void refused(@Nullable String id, PeerAddress client, Way way, String reason) {
    String named = id == null ? "" : PeerId.parse(id).map(PeerId::value).orElse("");
    Refusal refusal = new Refusal(clock.instant().toEpochMilli(), named, client, reason);
    switch (way) {
      case CONNECTION -> connections.add(refusal);
      case DATAGRAM -> datagrams.add(refusal);
    }
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

  /** The last refusals about an id, the newest first. */
  public List<Refusal> refusalsAbout(String id) {
    return newest(one -> !id.isEmpty() && one.id().equals(id));
  }

  /** The last refusals of a host, the newest first. */
  public List<Refusal> refusalsOf(PeerAddress host) {
    return newest(one -> one.address().isSameHost(host));
  }

  /** So many of connections, and so many of datagrams. */
  private List<Refusal> newest(Predicate<Refusal> which) {
    return Stream.of(connections, datagrams)
        .flatMap(memory -> memory.all().filter(which).sorted(NEWEST_FIRST).limit(MOST_OF_ONE))
        .sorted(NEWEST_FIRST)
        .toList();
  }

  /** What the client of an id or of an ip last said of itself. */
  public Optional<Said> said(String idOrIp) {
    return Optional.ofNullable(said.getIfPresent(idOrIp));
  }
}
