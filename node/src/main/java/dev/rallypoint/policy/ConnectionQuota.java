package dev.rallypoint.policy;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what hosts hold at once against a limit per host and one for all. A host in an exempt
 * network counts towards the second only. Remembers only hosts that hold something, so the limit
 * for all bounds its memory. Safe for all threads.
 */
public final class ConnectionQuota {
  private final int perAddress;
  private final int total;
  private final LanNetwork exempt;
  private final ConcurrentMap<PeerAddress, Integer> byHost = new ConcurrentHashMap<>();
  private final AtomicInteger held = new AtomicInteger();

  /** What an attempt to hold one more came to. */
  public enum Verdict {
    /** Counted; to be released once. */
    ADMITTED,
    /** The host holds as many as it may. */
    PER_ADDRESS,
    /** All hosts together hold as many as they may. */
    TOTAL
  }

  /**
   * @param perAddress the most one host may hold
   * @param total the most all hosts together may hold
   * @param exempt networks the limit per host does not count
   */
  public ConnectionQuota(int perAddress, int total, List<Cidr> exempt) {
    this.perAddress = perAddress;
    this.total = total;
    this.exempt = new LanNetwork(exempt);
  }

  /** Counts one more for a host unless a limit forbids it. */
  public Verdict admit(PeerAddress address) {
    if (held.incrementAndGet() > total) {
      held.decrementAndGet();
      return Verdict.TOTAL;
    }
    if (byHost.merge(address.host(), 1, Integer::sum) > perAddress && !exempt.contains(address)) {
      release(address);
      return Verdict.PER_ADDRESS;
    }
    return Verdict.ADMITTED;
  }

  /** Counts one less for a host; once for each time it was admitted. */
  public void release(PeerAddress address) {
    byHost.computeIfPresent(
        address.host(),
        (host, count) -> {
          held.decrementAndGet();
          return count == 1 ? null : count - 1;
        });
  }

  /** How many all hosts hold. */
  public int held() {
    return held.get();
  }
}
