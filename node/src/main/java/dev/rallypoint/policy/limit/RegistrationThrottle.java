package dev.rallypoint.policy.limit;

import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Limits registrations, so that nobody can fill the database: of each host, refused RegisterPk
 * messages in a minute and new ids in a day, and new ids of all hosts together. What proves itself
 * by the stored uuid and key is not counted. Datagrams, whose source anybody can write, and
 * connections, whose source is proven, are counted apart, so that the first cannot spend the limits
 * of the second. A host is an IPv4 address or an IPv6 /64, because that is what one customer is
 * given.
 *
 * <p>Not safe for several threads. Memory is bounded to about 40 MiB or 130,000 hosts; above that
 * the hosts seen least are dropped. Times are milliseconds of a monotonic clock.
 */
public final class RegistrationThrottle {
  private static final long MAX_DATAGRAM_BYTES = 32L << 20;
  private static final long MAX_CONNECTION_BYTES = 8L << 20;

  private final RegistrationLimits limits;
  private final Networks exempt;
  private final HostUsages datagrams = new HostUsages(MAX_DATAGRAM_BYTES);
  private final HostUsages connections = new HostUsages(MAX_CONNECTION_BYTES);
  private final NewIdBudget allDatagrams;
  private final NewIdBudget allConnections;

  /** Starts with nothing counted. */
  public RegistrationThrottle(RegistrationLimits limits) {
    this.limits = limits;
    this.exempt = new Networks(limits.exempt());
    this.allDatagrams = budget(limits);
    this.allConnections = budget(limits);
  }

  private static NewIdBudget budget(RegistrationLimits limits) {
    return new NewIdBudget(
        limits.newIds().perSecond(), limits.newIds().burst(), limits.newIds().perDay());
  }

  /** What becomes of an id that nobody has yet. */
  public enum NewId {
    /** It is stored. */
    STORED,
    /** Its peer is served from memory, and is stored when it has kept beating. */
    PROVISIONAL,
    /** TOO_FREQUENT. */
    REFUSED
  }

  /**
   * What one host used of its limits.
   *
   * @param host the IPv4 address or the IPv6 /64's lowest, port 0
   * @param messages refused RegisterPk messages in its current minute
   * @param newIds new ids in its current day
   */
  public record HostUsage(PeerAddress host, int messages, int newIds) {
    private HostUsage and(HostUsage other) {
      return new HostUsage(host, messages + other.messages, newIds + other.newIds);
    }
  }

  /**
   * Counts one RegisterPk that is refused, or may be for its form; false over the host's limit of
   * this minute.
   */
  public boolean admits(PeerAddress source, boolean isConnection, long nowMillis) {
    return exempt.contains(source)
        || usages(isConnection).countMessage(source, nowMillis) <= limits.perAddress();
  }

  /** Counts an id that is not stored yet. Its host counts it once, so that a client may retry. */
  public NewId admitNewId(PeerAddress source, boolean isConnection, PeerId id, long nowMillis) {
    if (exempt.contains(source)) {
      return NewId.STORED;
    }
    NewIdBudget all = isConnection ? allConnections : allDatagrams;
    boolean isAdmitted =
        usages(isConnection).countId(source, id, limits.newIdsPerAddress(), nowMillis)
            && all.take(nowMillis);
    return isAdmitted ? NewId.STORED : isConnection ? NewId.REFUSED : NewId.PROVISIONAL;
  }

  private HostUsages usages(boolean isConnection) {
    return isConnection ? connections : datagrams;
  }

  /** The usage of the busiest hosts, the busiest first; of datagrams and connections together. */
  public List<HostUsage> hosts(int most, long nowMillis) {
    return Stream.concat(datagrams.all(nowMillis), connections.all(nowMillis))
        .filter(usage -> usage.messages > 0 || usage.newIds > 0)
        .collect(Collectors.toMap(HostUsage::host, usage -> usage, HostUsage::and))
        .values()
        .stream()
        .sorted(
            Comparator.comparingInt(HostUsage::messages)
                .thenComparingInt(HostUsage::newIds)
                .reversed())
        .limit(most)
        .toList();
  }

  /** The usage of one host, or empty when it has none. */
  public Optional<HostUsage> host(PeerAddress source, long nowMillis) {
    return Stream.of(datagrams, connections)
        .flatMap(usages -> usages.of(source, nowMillis).stream())
        .reduce(HostUsage::and);
  }

  /** Resets the counts of one host. */
  public void forget(PeerAddress source) {
    datagrams.forget(source);
    connections.forget(source);
  }

  /** Resets all counts of hosts. */
  public void forgetAll() {
    datagrams.forgetAll();
    connections.forgetAll();
  }
}
