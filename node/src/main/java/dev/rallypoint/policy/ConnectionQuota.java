package dev.rallypoint.policy;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts connections against a limit for all and a limit for each host. The two are counted
 * separately, because the host of a connection through a proxy is known later. A host in an exempt
 * network has no limit of its own. Only hosts with a connection take memory, so the limit for all
 * bounds it. Safe for all threads.
 */
public final class ConnectionQuota {
  private final int perAddress;
  private final int total;
  private final Networks exempt;
  private final ConcurrentMap<PeerAddress, Integer> byHost = new ConcurrentHashMap<>();
  private final AtomicInteger held = new AtomicInteger();

  /**
   * @param perAddress the most connections of one host
   * @param total the most connections in all
   * @param exempt networks the limit of a host does not apply to
   */
  public ConnectionQuota(int perAddress, int total, List<Cidr> exempt) {
    this.perAddress = perAddress;
    this.total = total;
    this.exempt = new Networks(exempt);
  }

  /**
   * The quota that the settings ask for.
   *
   * @param share the most connections in all where the settings leave it open
   */
  public static ConnectionQuota of(ConnectionLimits limits, int share) {
    int total = limits.total() > 0 ? limits.total() : share;
    return new ConnectionQuota(limits.perAddress(), total, limits.exempt());
  }

  /** Counts one more connection; false at the limit. An admitted one is to be released once. */
  public boolean acquire() {
    if (held.incrementAndGet() > total) {
      held.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Counts one connection less. */
  public void release() {
    held.decrementAndGet();
  }

  /** Counts one more of a host; false at its limit. An admitted one is to be released once. */
  public boolean acquireFor(PeerAddress host) {
    if (byHost.merge(host.host(), 1, Integer::sum) > perAddress && !exempt.contains(host)) {
      releaseFor(host);
      return false;
    }
    return true;
  }

  /** Counts one less for a host. */
  public void releaseFor(PeerAddress host) {
    byHost.computeIfPresent(host.host(), (key, count) -> lessOne(count));
  }

  private static @Nullable Integer lessOne(int count) {
    return count == 1 ? null : count - 1;
  }

  /** The connections that are counted now. */
  public int held() {
    return held.get();
  }
}
