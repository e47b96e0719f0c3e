package dev.rallypoint.policy;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * Ports for clients whose own is hidden behind a proxy: unique among the live ones of their ip, and
 * never 0, which clients take for no address. A target's answer names its requester by nothing but
 * ip and port, so two nodes must not give the same one to two clients of one ip. Therefore each
 * node has a share of the ports, by its place among the nodes, and takes from others' only for an
 * ip that has hundreds of its own. Places shift when a node goes, and for that while each node goes
 * through its share in an order of its own: two of the same ip then meet by chance only, never in
 * step.
 *
 * <p>All ips share the order, so that a port comes back only after the others of the share were
 * given: a client drops what names an address that it heard of a moment ago. Safe for all threads.
 */
public final class SyntheticPorts {
  /** More nodes than this share shares, each in an order of its own. */
  static final int SHARES = 32;

  private static final int NUMBERS = 1 << 16;
  private static final int SHARE = NUMBERS / SHARES;

  /** An ip that has so many ports in a row takes the next one out of all. */
  private static final int TRIES = 256;

  private final Set<PeerAddress> taken = ConcurrentHashMap.newKeySet();
  private final IntSupplier place;
  private final AtomicInteger next;
  private final AtomicInteger nextOfAll;
  private final int stride;

  /**
   * @param place this node's among all that give ports, from 0
   * @param random draws the order of the ports
   */
  public SyntheticPorts(IntSupplier place, RandomGenerator random) {
    this.place = place;
    this.next = new AtomicInteger(random.nextInt());
    this.nextOfAll = new AtomicInteger(random.nextInt());
    this.stride = random.nextInt() | 1; // an odd one comes to every port
  }

  /**
   * Takes a port for a client; to be released once.
   *
   * @return its ip with the port; empty when the ip has all ports
   */
  public Optional<PeerAddress> take(PeerAddress host) {
    int share = Math.floorMod(place.getAsInt(), SHARES);
    for (int attempt = 0; attempt < TRIES; attempt++) {
      int number = Math.floorMod(next.getAndIncrement() * stride, SHARE);
      PeerAddress address = host.withPort(number * SHARES + share);
      if (reserve(address)) {
        return Optional.of(address);
      }
    }
    for (int attempt = 0; attempt < NUMBERS; attempt++) {
      PeerAddress address =
          host.withPort(Math.floorMod(nextOfAll.getAndIncrement() * stride, NUMBERS));
      if (reserve(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  private boolean reserve(PeerAddress address) {
    return address.port() != 0 && taken.add(address);
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
