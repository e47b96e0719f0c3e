package dev.rallypoint.policy;

import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the connections held, in all and by host, against their limits. Memory is bounded by the
 * limit in all: a host is forgotten with its last connection. Safe for all threads.
 */
public final class ConnectionCensus {

  /** Which limit refuses a connection. */
  public enum Refusal {
    /** The limit in all. */
    TOTAL,
    /** The limit of one host. */
    PER_ADDRESS
  }

  private final ConnectionLimits limits;
  private final LanNetwork exempt;
  private final int total;
  private final AtomicInteger held = new AtomicInteger();
  private final ConcurrentMap<PeerAddress, Integer> byHost = new ConcurrentHashMap<>();

  /**
   * @param total the limit in all, where the settings leave it to the node
   */
  public ConnectionCensus(ConnectionLimits limits, int total) {
    this.limits = limits;
    this.exempt = new LanNetwork(limits.exempt());
    this.total = limits.total() == 0 ? total : limits.total();
  }

  /** Counts a connection in, or says which limit refuses it; a refused one never leaves. */
  public Optional<Refusal> enter(PeerAddress from) {
    if (held.incrementAndGet() > total) {
      held.decrementAndGet();
      return Optional.of(Refusal.TOTAL);
    }
    int ofHost = byHost.merge(from.host(), 1, Integer::sum);
    if (ofHost > limits.perAddress() && !exempt.contains(from)) {
      leave(from);
      return Optional.of(Refusal.PER_ADDRESS);
    }
    return Optional.empty();
  }

  /** Counts a connection out. */
  public void leave(PeerAddress from) {
    held.decrementAndGet();
    byHost.computeIfPresent(from.host(), (host, count) -> count == 1 ? null : count - 1);
  }

  /** How many connections are held. */
  public int held() {
    return held.get();
  }
}
