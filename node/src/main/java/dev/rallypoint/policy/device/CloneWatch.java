package dev.rallypoint.policy.device;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells two devices that have one id and uuid at once from one device that moves. Two devices take
 * the id from each other by turns: its address or key goes from A to B, back to A and to B again.
 * Three such returns, each within ten minutes of the one before, are two devices. The ids that
 * changed last are kept, up to a number. Not safe for several threads. Times are milliseconds of a
 * monotonic clock.
 */
public final class CloneWatch {
  /** Returns that are two devices. */
  static final int RETURNS = 3;

  /** A return that comes later is the first one again. */
  static final Duration WITHIN = Duration.ofMinutes(10);

  private final Map<String, Change> changes;

  private record Change(int from, int to, int returns, long at) {}

  /**
   * A watch that has seen nothing.
   *
   * @param most how many ids it keeps
   */
  public CloneWatch(int most) {
    this.changes =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Change> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * The address or the key of an id changes; whether two devices have it.
   *
   * @param from what it was
   * @param to what it is now
   */
  public boolean onChange(String id, String from, String to, long nowMillis) {
    int before = from.hashCode();
    int after = to.hashCode();
    Change last = changes.remove(id);
    int returns =
        last != null
                && last.from == after
                && last.to == before
                && nowMillis - last.at <= WITHIN.toMillis()
            ? last.returns + 1
            : 0;
    Change next = new Change(before, after, returns, nowMillis);
    changes.put(id, next);
    return next.returns >= RETURNS;
  }
}
