package dev.rallypoint.policy;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for clients whose own is hidden behind a proxy: unique among the live ones of their ip, and
 * never 0, which clients take for no address. All ips share one row of numbers, so that a port
 * comes back only after all others were given: a client drops what names an address that it heard
 * of a moment ago. Safe for all threads.
 */
public final class StandInPorts {
  private static final int PORTS = 0xFFFF;

  private final Set<PeerAddress> taken = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();

  /**
   * Takes a port for a client; to be released once.
   *
   * @return its ip with the port; empty when the ip has all ports
   */
  public Optional<PeerAddress> take(PeerAddress host) {
    for (int attempt = 0; attempt < PORTS; attempt++) {
      PeerAddress address = host.withPort(Math.floorMod(next.getAndIncrement(), PORTS) + 1);
      if (taken.add(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /** Gives a port back. */
  public void release(PeerAddress address) {
    taken.remove(address);
  }

  /** How many are taken. */
  public int taken() {
    return taken.size();
  }
}
