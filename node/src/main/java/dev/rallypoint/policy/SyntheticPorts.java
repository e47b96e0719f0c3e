package dev.rallypoint.policy;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * Gives ports to clients whose own port is hidden behind a proxy. A target's answer names its
 * requester by ip and port only, so each port is unique among the connected clients of its ip, also
 * across nodes, and is never 0, which clients take for no address. Each node has a share of the
 * ports, by its position among the nodes, and takes from the shares of others only for an ip that
 * has hundreds of its own. Positions shift when a node leaves. Each node goes through its share in
 * an order of its own, so that two nodes rarely give the same port of an ip meanwhile.
 *
 * <p>All ips share the order, so that a port is given again only after the others of the share: a
 * client drops a message with an address that it has seen a moment ago. Safe for all threads.
 */
public final class SyntheticPorts {
  /** The number of shares. More nodes than this share them, each in an order of its own. */
  static final int SHARES = 32;

  private static final int NUMBERS = 1 << 16;
  private static final int SHARE = NUMBERS / SHARES;

  /** After this many tries a port is taken from all shares. */
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
    for (int attempt = 0; attempt < TRIES + NUMBERS; attempt++) {
      int port =
          attempt < TRIES
              ? Math.floorMod(next.getAndIncrement() * stride, SHARE) * SHARES + share
              : Math.floorMod(nextOfAll.getAndIncrement() * stride, NUMBERS);
      PeerAddress address = host.withPort(port);
      if (port != 0 && taken.add(address)) {
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
