package dev.rallypoint.policy;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether something between the clients and the server hides their addresses: many
 * devices register from one loopback or private address within a minute, and none has ever
 * registered from another one. Settled for good by the first such minute, by a second address, and
 * by an address that is neither. Keeps at most {@link #MANY} ids. Safe for all threads.
 */
public final class HiddenAddresses {
  /** So many devices are no household behind one router. */
  public static final int MANY = 20;

  private static final long WINDOW_MILLIS = 60_000;

  private static final Networks LOCAL =
      new Networks(
          List.of(
              Cidr.parse("local", "127.0.0.0/8"),
              Cidr.parse("local", "10.0.0.0/8"),
              Cidr.parse("local", "172.16.0.0/12"),
              Cidr.parse("local", "192.168.0.0/16"),
              Cidr.parse("local", "169.254.0.0/16"),
              Cidr.parse("local", "::1/128"),
              Cidr.parse("local", "fc00::/7"),
              Cidr.parse("local", "fe80::/10")));

  private final Map<PeerId, Long> seen = new HashMap<>();
  private volatile boolean isSettled;
  private @Nullable PeerAddress only;

  /**
   * Takes a device that has registered.
   *
   * @param now milliseconds of a monotonic clock
   * @return true once at most: the addresses seem to be hidden
   */
  public boolean onRegistered(PeerId id, PeerAddress from, long now) {
    return !isSettled && isHidden(id, from.network(), now);
  }

  private synchronized boolean isHidden(PeerId id, PeerAddress host, long now) {
    if (isSettled) {
      return false;
    }
    PeerAddress first = only == null ? host : only;
    only = first;
    if (!host.equals(first) || !LOCAL.contains(host)) {
      settle();
      return false;
    }
    seen.values().removeIf(heard -> now - heard > WINDOW_MILLIS);
    seen.put(id, now);
    if (seen.size() < MANY) {
      return false;
    }
    settle();
    return true;
  }

  private void settle() {
    isSettled = true;
    seen.clear();
  }
}
