package dev.rallypoint.metrics.access;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Admits one line for each address, or IPv6 /64, in a gap of time, and so many in all. Remembers no
 * more addresses than that. Safe for all threads.
 */
final class AddressPace {
  private final long gap;
  private final int most;

  /** When each address had its line, the oldest first. */
  private final SequencedMap<PeerAddress, Long> lines = new LinkedHashMap<>();

  /**
   * @param gapNanos the least time between two lines of one address
   * @param most how many lines there may be in that time
   */
  AddressPace(long gapNanos, int most) {
    this.gap = gapNanos;
    this.most = most;
  }

  /**
   * Whether a line about the address may be written.
   *
   * @param now nanoseconds of a monotonic clock
   */
  synchronized boolean admits(PeerAddress address, long now) {
    Map.Entry<PeerAddress, Long> oldest = lines.firstEntry();
    while (oldest != null && now - oldest.getValue() >= gap) {
      lines.pollFirstEntry();
      oldest = lines.firstEntry();
    }
    return lines.size() < most && lines.putIfAbsent(address.network(), now) == null;
  }
}
