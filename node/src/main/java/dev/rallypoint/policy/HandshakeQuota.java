package dev.rallypoint.policy;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the TLS handshakes that are under way, in all and for each host: a handshake holds memory,
 * and its signature costs the server milliseconds, both before anything is known of the client. Who
 * is over a bound waits. Places that become free go to the waiting hosts in turn, so a host that
 * begins many does not hold up the others. Only connections take memory, so their limit bounds it.
 * Safe for all threads.
 */
public final class HandshakeQuota {
  /** The heap that handshakes under way may take is one part in so many. */
  private static final int SHARE_OF_HEAP = 8;

  private static final long BYTES_OF_ONE = 96 * 1024;
  private static final int LEAST = 64;
  private static final int MOST = 1_000;

  /** One host may have one part in so many of all. */
  private static final int SHARE_OF_HOST = 8;

  /** Stands for a proxy, of which each connection is a host of its own. */
  private static final PeerAddress ANY = PeerAddress.v4(0, 0);

  private final int most;
  private final int mostOfHost;
  private final Map<PeerAddress, Host> hosts = new HashMap<>();

  /** Hosts that have somebody waiting and are not at their own bound, in turn. */
  private final ArrayDeque<Host> turns = new ArrayDeque<>();

  private int underWay;

  /**
   * @param most handshakes under way in all
   * @param mostOfHost handshakes under way of one host
   */
  public HandshakeQuota(int most, int mostOfHost) {
    this.most = most;
    this.mostOfHost = mostOfHost;
  }

  /** A quota for a heap of so many bytes at most: 64 to 1,000 in all, an eighth for a host. */
  public static HandshakeQuota ofHeap(long bytes) {
    int most = Math.clamp(bytes / SHARE_OF_HEAP / BYTES_OF_ONE, LEAST, MOST);
    return new HandshakeQuota(most, most / SHARE_OF_HOST);
  }

  private static final class Host {
    private final PeerAddress address;
    private final LinkedHashSet<Place> waiting = new LinkedHashSet<>();
    private int underWay;
    private boolean hasTurn;

    Host(PeerAddress address) {
      this.address = address;
    }
  }

  private enum State {
    OUTSIDE,
    WAITING,
    UNDER_WAY,
    OVER
  }

  /** One connection's handshake, to be ended once. */
  public final class Place {
    private State state = State.OUTSIDE;
    private @Nullable Host host;
    private Runnable admitted = () -> {};

    private Place() {}

    /**
     * Asks for the handshake to begin; to be called once.
     *
     * @param address whose bound counts; null for a trusted proxy, which has many clients
     * @param then called once when the handshake may begin: at once, or later on another thread
     */
    public void begin(@Nullable PeerAddress address, Runnable then) {
      List<Place> ready;
      synchronized (HandshakeQuota.this) {
        if (state != State.OUTSIDE) {
          return;
        }
        state = State.WAITING;
        admitted = then;
        Host own =
            address == null ? new Host(ANY) : hosts.computeIfAbsent(address.network(), Host::new);
        host = own;
        own.waiting.add(this);
        giveTurn(own);
        ready = admitNext();
      }
      ready.forEach(place -> place.admitted.run());
    }

    /** The handshake is done, or the connection closed. */
    public void end() {
      List<Place> ready;
      synchronized (HandshakeQuota.this) {
        State last = state;
        state = State.OVER;
        Host own = host;
        if (own == null || last == State.OVER) {
          return;
        }
        own.waiting.remove(this);
        if (last == State.UNDER_WAY) {
          own.underWay--;
          underWay--;
        }
        if (own.underWay == 0 && own.waiting.isEmpty()) {
          hosts.remove(own.address, own);
        }
        giveTurn(own);
        ready = admitNext();
      }
      ready.forEach(place -> place.admitted.run());
    }
  }

  /** A place for a new connection, which counts once its handshake begins. */
  public Place place() {
    return new Place();
  }

  /** The handshakes under way. */
  public synchronized int underWay() {
    return underWay;
  }

  private void giveTurn(Host host) {
    if (!host.hasTurn && !host.waiting.isEmpty() && host.underWay < mostOfHost) {
      host.hasTurn = true;
      turns.add(host);
    }
  }

  private List<Place> admitNext() {
    List<Place> ready = new ArrayList<>(1);
    while (underWay < most && !turns.isEmpty()) {
      Host host = turns.remove();
      host.hasTurn = false;
      if (!host.waiting.isEmpty()) {
        Place next = host.waiting.removeFirst();
        next.state = State.UNDER_WAY;
        host.underWay++;
        underWay++;
        ready.add(next);
        giveTurn(host);
      }
    }
    return ready;
  }
}
