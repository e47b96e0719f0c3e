package dev.rallypoint.policy.limit;

import dev.rallypoint.protocol.address.PeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the handshakes of one kind that are under way, in all and for each host: those of TLS,
 * which hold memory and cost the server a signature, or the upgrades to WebSocket, which cost about
 * as much; both before anything is known of the client. Who is over a bound waits. Places that
 * become free go to the waiting hosts in turn, so a host that begins many does not hold up the
 * others; and when somebody waits, a handshake that has been under way for two seconds is given up.
 * Only connections take memory, so their limit bounds it. Safe for all threads. Times are
 * nanoseconds of a monotonic clock.
 */
public final class HandshakeQuota {
  /** How long a handshake may hold a place that others wait for; it takes two round trips. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

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
  private final LinkedHashSet<Host> turns = new LinkedHashSet<>();

  /** The handshakes under way, the oldest first. */
  private final LinkedHashSet<Place> underWay = new LinkedHashSet<>();

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

  /**
   * A quota for handshakes that only compute, and wait for nothing: half as many at once as there
   * are cores, so that the other half is free for what is urgent; a host has half of them. Both are
   * one at least.
   */
  public static HandshakeQuota ofCores(int cores) {
    int most = Math.max(1, cores / 2);
    return new HandshakeQuota(most, Math.max(1, most / 2));
  }

  /** What becomes of a handshake that asked to begin. */
  public interface Listener {
    /** It may begin: at once, or later on another thread. */
    void onAdmitted();

    /** It is given up, after it was admitted: others wait for its place. */
    void onGivenUp();
  }

  private static final class Host {
    private final PeerAddress address;
    private final LinkedHashSet<Place> waiting = new LinkedHashSet<>();
    private final LinkedHashSet<Place> underWay = new LinkedHashSet<>();

    Host(PeerAddress address) {
      this.address = address;
    }
  }

  /** One connection's handshake, to be ended once. */
  public final class Place {
    private @Nullable Host host;
    private @Nullable Listener listener;
    private long since;
    private boolean isOver;

    private Place() {}

    /**
     * Asks for the handshake to begin; to be called once.
     *
     * @param address whose bound counts; null for a trusted proxy, which has many clients
     */
    public void begin(@Nullable PeerAddress address, long now, Listener told) {
      List<Runnable> news = new ArrayList<>(1);
      synchronized (HandshakeQuota.this) {
        if (isOver) {
          return;
        }
        Host own =
            address == null ? new Host(ANY) : hosts.computeIfAbsent(address.network(), Host::new);
        host = own;
        listener = told;
        own.waiting.add(this);
        admitNext(own, now, news);
      }
      news.forEach(Runnable::run);
    }

    /** The handshake is done, or the connection closed. */
    public void end(long now) {
      List<Runnable> news = new ArrayList<>(1);
      synchronized (HandshakeQuota.this) {
        Host own = host;
        if (own != null && !isOver) {
          own.waiting.remove(this);
          leave(this, own);
          admitNext(own, now, news);
        }
        isOver = true;
      }
      news.forEach(Runnable::run);
    }
  }

  /** A place for a new connection, which counts once its handshake begins. */
  public Place place() {
    return new Place();
  }

  /** The handshakes under way. */
  public synchronized int underWay() {
    return underWay.size();
  }

  private void admitNext(Host changed, long now, List<Runnable> news) {
    if (!changed.waiting.isEmpty() && changed.underWay.size() >= mostOfHost) {
      giveUpOldest(changed.underWay, now, news);
    }
    giveTurn(changed);
    while (!turns.isEmpty() && (underWay.size() < most || giveUpOldest(underWay, now, news))) {
      Host host = turns.removeFirst();
      Place next = host.waiting.removeFirst();
      next.since = now;
      host.underWay.add(next);
      underWay.add(next);
      if (next.listener != null) {
        news.add(next.listener::onAdmitted);
      }
      giveTurn(host);
    }
  }

  private void giveTurn(Host host) {
    if (host.waiting.isEmpty()) {
      turns.remove(host);
    } else if (host.underWay.size() < mostOfHost) {
      turns.add(host); // where it is, if it has its turn already
    }
  }

  private boolean giveUpOldest(LinkedHashSet<Place> places, long now, List<Runnable> news) {
    Place oldest = places.getFirst();
    Host host = oldest.host;
    if (now - oldest.since < PATIENCE.toNanos() || host == null) {
      return false;
    }
    leave(oldest, host);
    oldest.isOver = true;
    if (oldest.listener != null) {
      news.add(oldest.listener::onGivenUp);
    }
    return true;
  }

  private void leave(Place place, Host host) {
    underWay.remove(place);
    host.underWay.remove(place);
    if (host.underWay.isEmpty() && host.waiting.isEmpty()) {
      hosts.remove(host.address, host);
    }
  }
}
