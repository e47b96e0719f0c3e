package dev.rallypoint.policy;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what hosts hold at once against a limit per host and one for all. A host in an exempt
 * network counts towards the second only. Remembers only hosts that hold something.
 *
 * <p>Not safe for several threads.
 */
public final class ConnectionQuota {
  private final int perAddress;
  private final int total;
  private final List<Cidr> exempt;
  private final Map<PeerAddress, Integer> held = new HashMap<>();
  private int all;

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
    this.exempt = List.copyOf(exempt);
  }

  /** Counts one more for a host unless a limit forbids it. */
  public Verdict admit(PeerAddress address) {
    if (all >= total) {
      return Verdict.TOTAL;
    }
    if (held.getOrDefault(address.host(), 0) >= perAddress && !isExempt(address)) {
      return Verdict.PER_ADDRESS;
    }
    all++;
    held.merge(address.host(), 1, Integer::sum);
    return Verdict.ADMITTED;
  }

  /** Counts one less for a host; once for each time it was admitted. */
  public void release(PeerAddress address) {
    if (held.computeIfPresent(address.host(), (host, count) -> count - 1) instanceof Integer left) {
      all--;
      if (left == 0) {
        held.remove(address.host());
      }
    }
  }

  /** How many all hosts hold. */
  public int held() {
    return all;
  }

  private boolean isExempt(PeerAddress address) {
    byte[] ip = address.ipBytes();
    return exempt.stream().anyMatch(network -> network.contains(ip));
  }
}
