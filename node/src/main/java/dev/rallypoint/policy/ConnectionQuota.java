package dev.rallypoint.policy;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts what hosts hold at once against a limit per host and one for all. A host in an exempt
 * network counts towards the second only. Remembers only hosts that hold something, so the limit
 * for all bounds its memory. Safe for all threads.
 */
public final class ConnectionQuota {
  private final int perAddress;
  private final int total;
  private final Networks exempt;
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
    this.exempt = new Networks(exempt);
  }

  /** Counts one more for a host unless a limit forbids it. */
  public Verdict admit(PeerAddress address) {
    if (!admitUnnamed()) {
      return Verdict.TOTAL;
    }
    if (!name(address)) {
      releaseUnnamed();
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
          return lessOne(count);
        });
  }

  /** Counts one more whose host is not known yet; false when the limit for all forbids it. */
  public boolean admitUnnamed() {
    if (held.incrementAndGet() > total) {
      held.decrementAndGet();
      return false;
    }
    return true;
  }

  /**
   * Counts for its host what was admitted without one; from then on it is released by its host.
   * False when the host holds as many as it may: then it stays unnamed.
   */
  public boolean name(PeerAddress address) {
    if (byHost.merge(address.host(), 1, Integer::sum) > perAddress && !exempt.contains(address)) {
      unname(address);
      return false;
    }
    return true;
  }

  /** Takes a name back; it still counts towards the limit for all. */
  public void unname(PeerAddress address) {
    byHost.computeIfPresent(address.host(), (host, count) -> lessOne(count));
  }

  /** Counts one less of those whose host never became known. */
  public void releaseUnnamed() {
    held.decrementAndGet();
  }

  private static @Nullable Integer lessOne(int count) {
    return count == 1 ? null : count - 1;
  }

  /** How many all hosts hold. */
  public int held() {
    return held.get();
  }
}
