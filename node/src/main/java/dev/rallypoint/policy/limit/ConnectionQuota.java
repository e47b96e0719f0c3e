package dev.rallypoint.policy.limit;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts connections, and the heap they cost, against limits for all and limits for each host. A
 * host is an IPv4 address or an IPv6 /64, because that is what one customer is given. Whatever the
 * settings say, a host never has more than a quarter of the places or of the heap; only a host in
 * an exempt network has no limit of its own. The two are counted separately, because the host of a
 * connection through a proxy is known later.
 *
 * <p>When there is no place left, {@link #evicted} says which connection gives way to a new one.
 * Only hosts with a connection take memory, so the limit for all bounds it. Safe for all threads.
 */
public final class ConnectionQuota {
  /** A host has at most this part of the places. */
  private static final int HOST_PART = 4;

  /** A lasting connection gives way only where its host has more than this part of the places. */
  private static final int LASTING_PART = 8;

  /**
   * In nanoseconds. Where all hosts have about as many connections, one younger than this stays: a
   * punch request or a NAT test is answered well within it.
   */
  public static final long LEAST_TIME = TimeUnit.SECONDS.toNanos(3);

  private static final Use NONE = new Use(0, 0);

  private final int perAddress;
  private final int total;
  private final long heap;
  private final Networks exempt;
  private final Map<PeerAddress, Use> byHost = new HashMap<>();
  private final EvictionOrder passing = new EvictionOrder();
  private final EvictionOrder lasting = new EvictionOrder();
  private Use held = NONE;

  private record Use(int connections, long bytes) {
    Use plus(int bytesMore) {
      return new Use(connections + 1, bytes + bytesMore);
    }

    Use minus(int bytesLess) {
      return new Use(connections - 1, bytes - bytesLess);
    }
  }

  /** A connection that can be closed to make room for another. */
  public interface Occupant {
    /** When the client was last heard, in nanoseconds of a monotonic clock. */
    long lastHeard();

    /** When the connection was accepted, in nanoseconds of the same clock. */
    long opened();

    /** Closes the connection and gives its place back at once. */
    void evict();
  }

  private ConnectionQuota(int perAddress, int total, long heap, List<Cidr> exempt) {
    this.perAddress = Math.clamp(total / HOST_PART, 1, perAddress);
    this.total = total;
    this.heap = heap;
    this.exempt = new Networks(exempt);
  }

  /**
   * @param perAddress the most connections of one host; a quarter of the total where that is less
   * @param total the most connections in all
   * @param exempt networks the limit of a host does not apply to
   */
  public ConnectionQuota(int perAddress, int total, List<Cidr> exempt) {
    this(perAddress, total, Long.MAX_VALUE, exempt);
  }

  /**
   * The quota that the settings ask for, but never more than the share.
   *
   * @param share what there is for these connections
   */
  public static ConnectionQuota of(ConnectionLimits limits, DescriptorBudget.Share share) {
    int total = limits.total() > 0 ? limits.total() : share.connections();
    return new ConnectionQuota(
        limits.perAddress(), Math.min(total, share.connections()), share.heap(), limits.exempt());
  }

  /** Counts one more connection that costs no heap to speak of. */
  public boolean acquire() {
    return acquire(0);
  }

  /**
   * Counts one more connection; false at a limit. An admitted one is to be released once.
   *
   * @param bytes of heap that it costs
   */
  public synchronized boolean acquire(int bytes) {
    if (held.connections >= total || bytes > heap - held.bytes) {
      return false;
    }
    held = held.plus(bytes);
    return true;
  }

  /** Counts one connection less that was acquired without a cost. */
  public void release() {
    release(0);
  }

  /** Counts one connection less, with what it cost. */
  public synchronized void release(int bytes) {
    held = held.minus(bytes);
  }

  /** Counts one more of a host that costs no heap to speak of. */
  public boolean acquireFor(PeerAddress host) {
    return acquireFor(host, 0);
  }

  /** Counts one more of a host; false at its limit. An admitted one is to be released once. */
  public synchronized boolean acquireFor(PeerAddress host, int bytes) {
    PeerAddress key = host.network();
    Use now = byHost.getOrDefault(key, NONE);
    boolean isOver = now.connections >= perAddress || now.bytes + bytes > heap / HOST_PART;
    if (isOver && !exempt.contains(host)) {
      return false;
    }
    byHost.put(key, now.plus(bytes));
    return true;
  }

  /** Counts one less for a host that was acquired without a cost. */
  public void releaseFor(PeerAddress host) {
    releaseFor(host, 0);
  }

  /** Counts one less for a host, with what it cost. */
  public synchronized void releaseFor(PeerAddress host, int bytes) {
    byHost.computeIfPresent(host.network(), (key, use) -> lessOne(use, bytes));
  }

  private static @Nullable Use lessOne(Use use, int bytes) {
    return use.connections == 1 ? null : use.minus(bytes);
  }

  /**
   * A connection can be closed for others from now on. Those of exempt networks never are.
   *
   * @param isLasting whether it is of use to its client for as long as it is open, such as a
   *     registration link: then it gives way only to keep its host from taking all places
   */
  public synchronized void add(PeerAddress host, Occupant occupant, boolean isLasting) {
    if (!exempt.contains(host)) {
      (isLasting ? lasting : passing).add(host.network(), occupant);
    }
  }

  /** A connection is closed, or is another host's. */
  public synchronized void remove(PeerAddress host, Occupant occupant) {
    passing.remove(host.network(), occupant);
    lasting.remove(host.network(), occupant);
  }

  /**
   * Which connection is to be closed for a new one, when places have run short: the one not heard
   * for longest of the host with most connections that do not last. Where no host has clearly more
   * than the newcomer, the oldest one that does not last, unless it is younger than {@link
   * #LEAST_TIME}: so a stranger with an address for each place cannot keep all of them. It is to be
   * evicted by the caller, and is not given a second time.
   *
   * @param newcomer the host of the new connection; null where it is not known yet
   * @param now in nanoseconds of the clock of the occupants
   * @return empty when none has to give way
   */
  public synchronized Optional<Occupant> evicted(@Nullable PeerAddress newcomer, long now) {
    PeerAddress key = newcomer == null ? null : newcomer.network();
    int own = key == null ? 0 : passing.sizeOf(key) + lasting.sizeOf(key);
    return passing
        .pollIdlestOfBusiest(own + 1)
        .or(() -> lasting.pollIdlestOfBusiest(Math.max(own + 1, total / LASTING_PART)))
        .or(() -> passing.pollOldestOfBusiest(own + 1, now - LEAST_TIME));
  }

  /** The most connections in all. */
  public int total() {
    return total;
  }

  /** The connections that are counted now. */
  public synchronized int held() {
    return held.connections;
  }
}
