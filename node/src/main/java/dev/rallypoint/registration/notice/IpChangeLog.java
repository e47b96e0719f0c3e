package dev.rallypoint.registration.notice;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ids that registered from a new ip since the node started, which the console shows by {@code
 * ip-changes} as hbbs does. Not safe for several threads. It keeps the 10,000 ids that changed
 * last, and the last 20 ips of each.
 */
public final class IpChangeLog {
  private static final int MAX_IDS = 10_000;
  private static final int MAX_IPS = 20;

  private final Cache<PeerId, Ips> changes =
      Caffeine.newBuilder().maximumSize(MAX_IDS).executor(Runnable::run).build();

  /** The ips that one id registered from, oldest first, with how often it changed to each. */
  static final class Ips extends LinkedHashMap<String, Integer> {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
      return size() > MAX_IPS;
    }

    int changes() {
      return values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  public void record(PeerId id, String from, String to) {
    Ips ips = changes.asMap().computeIfAbsent(id, first -> new Ips());
    ips.putIfAbsent(from, 0);
    ips.merge(to, 1, Integer::sum);
  }

  /** How often ids changed, those first that changed most; {@code forget} drops all entries. */
  public Map<PeerId, Integer> most(int limit, boolean forget) {
    Map<PeerId, Integer> most = new LinkedHashMap<>();
    changes.asMap().entrySet().stream()
        .map(entry -> Map.entry(entry.getKey(), entry.getValue().changes()))
        .sorted(Map.Entry.<PeerId, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(limit)
        .forEach(entry -> most.put(entry.getKey(), entry.getValue()));
    if (forget) {
      changes.invalidateAll();
    }
    return most;
  }

  /** The ips that one id registered from; empty when it never changed. */
  public Map<String, Integer> of(PeerId id, boolean forget) {
    Ips ips = changes.getIfPresent(id);
    if (forget) {
      changes.invalidate(id);
    }
    return ips == null ? Map.of() : new LinkedHashMap<>(ips);
  }
}
