package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which connections a port takes, and counts them. When there is no place left, the
 * connection not heard for longest of the busiest address gives way, or the oldest one where no
 * address has more than others. A trusted proxy that may name its client counts towards the limit
 * for all connections only; once it has named its client, the client counts towards the limit of
 * its own address. Every refusal is counted. Safe for all threads.
 */
public final class Admission {
  private final PortPolicy policy;
  private final ConnectionQuota quota;
  private final Predicate<PeerAddress> isBlocked;

  /** What goes on with an admitted connection. */
  @FunctionalInterface
  public interface Next {
    /**
     * Owns the channel from now on, and releases the connection when the channel is closed.
     *
     * @param channel in blocking mode
     * @throws IOException when the peer is gone
     */
    void begin(ClientConnection connection, SocketChannel channel) throws IOException;
  }

  Admission(PortPolicy policy, ConnectionQuota quota, Predicate<PeerAddress> isBlocked) {
    this.policy = policy;
    this.quota = quota;
    this.isBlocked = isBlocked;
  }

  /**
   * Admits an accepted channel and hands it on, or closes it.
   *
   * @throws IOException when the peer is gone; the channel is then to be closed
   */
  public void take(SocketChannel channel, Next next) throws IOException {
    PeerAddress peer = PeerAddress.of((InetSocketAddress) channel.getRemoteAddress());
    Optional<ClientConnection> admitted = admit(peer);
    if (admitted.isEmpty()) {
      channel.close();
      return;
    }
    try {
      next.begin(admitted.get(), channel);
    } catch (IOException | RuntimeException e) {
      admitted.get().release();
      throw e;
    }
  }

  /**
   * The connection of a peer, to be released once; empty when a limit or the blocklist forbids it.
   */
  public Optional<ClientConnection> admit(PeerAddress peer) {
    boolean mayNameClient = policy.mayNameClient() && isProxy(peer);
    if (!mayNameClient && isBlocked(peer)) {
      return Optional.empty();
    }
    if (!mayNameClient && !acquireFor(peer)) {
      return Optional.empty();
    }
    if (!acquire(mayNameClient ? null : peer)) {
      policy.shared().counters().dropped(DropReason.CONNECTION_TOTAL, peer);
      if (!mayNameClient) {
        quota.releaseFor(peer, policy.cost());
      }
      return Optional.empty();
    }
    policy.shared().counters().count(Event.CONNECTIONS_ACCEPTED);
    return Optional.of(new ClientConnection(this, peer, !mayNameClient));
  }

  /** Takes a place, if need be from a connection that gives way; false when none does. */
  private boolean acquire(@Nullable PeerAddress newcomer) {
    while (!quota.acquire(policy.cost())) {
      Optional<ConnectionQuota.Occupant> evicted = quota.evicted(newcomer, Ticker.SYSTEM.nanos());
      if (evicted.isEmpty()) {
        return false;
      }
      evicted.get().evict();
    }
    return true;
  }

  /** Whether an address is blocked, which is counted. */
  boolean isBlocked(PeerAddress client) {
    boolean blocked = isBlocked.test(client);
    if (blocked) {
      policy.shared().counters().dropped(DropReason.RELAY_BLOCKED);
    }
    return blocked;
  }

  /** Counts one more for an address; false when its limit forbids it, which is counted. */
  boolean acquireFor(PeerAddress client) {
    boolean acquired = quota.acquireFor(client, policy.cost());
    if (!acquired) {
      policy.shared().counters().dropped(DropReason.CONNECTION_PER_ADDRESS, client);
    }
    return acquired;
  }

  PortPolicy policy() {
    return policy;
  }

  ConnectionQuota quota() {
    return quota;
  }

  private boolean isProxy(PeerAddress peer) {
    return policy.shared().trusted().contains(peer);
  }

  /** Whether connections of this peer begin with a PROXY protocol header. */
  boolean expectsHeaderFrom(PeerAddress peer) {
    return policy.expectsHeader() && isProxy(peer);
  }
}
