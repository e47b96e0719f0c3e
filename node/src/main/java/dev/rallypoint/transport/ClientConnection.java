package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ClientAddress;
import dev.rallypoint.policy.ForwardingHeaders;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whose one admitted connection is, and what it holds of the limits. A trusted proxy names its
 * client by a PROXY protocol header or by the headers of an HTTP request; until then the proxy's
 * address stands for the client's. Safe for all threads; once released it holds nothing, whatever
 * is learned later.
 */
public final class ClientConnection implements ConnectionQuota.Occupant {
  private final Admission admission;
  private final PortPolicies shared;
  private final PeerAddress peer;
  private final AtomicReference<State> state;
  private final long opened = Ticker.SYSTEM.nanos();
  private volatile long lastHeard = opened;
  private @Nullable Runnable closing;
  private @Nullable PeerAddress listedFor;
  private boolean isLasting;

  /**
   * What is known of the client, and what is held for it.
   *
   * @param isCounted whether the connection counts towards the limit of the address
   * @param isSyntheticPort whether the port of the address is one to be given back
   * @param isProxied whether a proxy named the client
   * @param isOpen whether it is still to be released
   */
  private record State(
      PeerAddress address,
      boolean isCounted,
      boolean isSyntheticPort,
      boolean isProxied,
      boolean isOpen) {

    State released() {
      return new State(address, isCounted, isSyntheticPort, isProxied, false);
    }
  }

  ClientConnection(Admission admission, PeerAddress peer, boolean isCounted) {
    this.admission = admission;
    this.shared = admission.policy().shared();
    this.peer = peer;
    this.state = new AtomicReference<>(new State(peer, isCounted, false, false, true));
  }

  /**
   * From now on the connection can be closed to make room for another, in this way.
   *
   * @param close closes it, on any thread; called once at most
   */
  public synchronized void closedBy(Runnable close) {
    closing = close;
    list();
  }

  /** The client has sent something that a client of its kind sends. */
  public void onHeard() {
    lastHeard = Ticker.SYSTEM.nanos();
  }

  /**
   * Whether the connection is of use to its client for as long as it is open, such as a
   * registration link; at first it is not. One that lasts gives way only to keep its address from
   * taking all places.
   */
  public synchronized void setLasting(boolean lasts) {
    if (isLasting != lasts) {
      isLasting = lasts;
      list();
    }
  }

  @Override
  public long lastHeard() {
    return lastHeard;
  }

  @Override
  public long opened() {
    return opened;
  }

  @Override
  public void evict() {
    shared.counters().dropped(DropReason.CONNECTION_EVICTED, address());
    Runnable close;
    synchronized (this) {
      close = closing;
    }
    release();
    if (close != null) {
      close.run();
    }
  }

  /** Lists the connection among those that may be evicted, as what it is now. */
  private synchronized void list() {
    State now = state.get();
    if (listedFor != null) {
      admission.quota().remove(listedFor, this);
      listedFor = null;
    }
    if (closing != null && now.isOpen() && now.isCounted()) {
      listedFor = now.address();
      admission.quota().add(listedFor, this, isLasting);
    }
  }

  /** The other end of the TCP connection: the client's or a proxy's. */
  public PeerAddress peer() {
    return peer;
  }

  /** The address of the client, as far as is known. */
  public PeerAddress address() {
    return state.get().address();
  }

  /** The address whose limits count; null for a trusted proxy that has not named its client. */
  @Nullable PeerAddress limitedAddress() {
    PeerAddress known = address();
    return shared.trusted().contains(known) ? null : known;
  }

  /** Whether it came through a proxy, as far as is known. */
  public boolean isProxied() {
    return state.get().isProxied();
  }

  /** Whether the connection begins with a PROXY protocol header. */
  public boolean beginsWithHeader() {
    return admission.expectsHeaderFrom(peer);
  }

  /** Whether it may use a text console: only on this machine, and not through a proxy. */
  public boolean mayUseConsole() {
    return !isProxied() && peer.isLoopback();
  }

  /**
   * A PROXY protocol header was read.
   *
   * @param client empty when the proxy named nobody: then it speaks for itself
   * @return false when a limit or the blocklist forbids the client, which is counted: then the
   *     connection is to be closed
   */
  public boolean onHeader(Optional<PeerAddress> client) {
    client.ifPresent(named -> shared.counters().count(Event.CONNECTIONS_PROXIED));
    PeerAddress address = client.orElse(peer);
    return !admission.isBlocked(address) && become(address, false, true).isPresent();
  }

  /**
   * An HTTP request has come that becomes a WebSocket; to be called once. A client that a trusted
   * proxy names has its own ip and a port that is unique among the live ones of that ip.
   *
   * @return the address of the client; empty when a limit forbids it, which is counted: then the
   *     connection is to be closed
   */
  public Optional<PeerAddress> onRequest(ForwardingHeaders headers) {
    PeerAddress known = address();
    ClientAddress verdict = ClientAddress.of(known, shared.trusted(), headers);
    switch (verdict.source()) {
      case UNTRUSTED -> shared.counters().count(Event.FORWARDING_IGNORED);
      case UNCLEAR -> shared.counters().count(Event.FORWARDING_UNCLEAR);
      case CONNECTION, HEADERS -> {}
    }
    if (verdict.source() != ClientAddress.Source.HEADERS) {
      boolean isUnclear = verdict.source() == ClientAddress.Source.UNCLEAR;
      return become(known, false, isProxied() || isUnclear);
    }
    Optional<PeerAddress> synthetic = shared.syntheticPorts().take(verdict.address());
    if (synthetic.isEmpty()) {
      shared.counters().dropped(DropReason.CONNECTION_PER_ADDRESS, verdict.address());
      return synthetic;
    }
    shared.counters().count(Event.CONNECTIONS_PROXIED);
    return become(synthetic.get(), true, true);
  }

  /** The connection is closed: gives back what it holds, once. */
  public void release() {
    State last = state.getAndUpdate(State::released);
    if (last.isOpen()) {
      giveBack(last, last.isCounted());
      admission.quota().release(admission.policy().cost());
      list();
    }
  }

  /** Counts for another address instead; empty when a limit forbids it, or it was released. */
  private Optional<PeerAddress> become(
      PeerAddress address, boolean isSyntheticPort, boolean isProxied) {
    State before = state.get();
    State next = new State(address, true, isSyntheticPort, isProxied, true);
    boolean staysCounted =
        before.isCounted() && before.address().network().equals(address.network());
    if (!before.isOpen() || !staysCounted && !admission.acquireFor(address)) {
      giveBack(next, false);
      return Optional.empty();
    }
    if (!state.compareAndSet(before, next)) { // it was released meanwhile
      giveBack(next, !staysCounted);
      return Optional.empty();
    }
    giveBack(before, before.isCounted() && !staysCounted);
    list();
    return Optional.of(address);
  }

  private void giveBack(State past, boolean isCounted) {
    if (isCounted) {
      admission.quota().releaseFor(past.address(), admission.policy().cost());
    }
    if (past.isSyntheticPort()) {
      shared.syntheticPorts().release(past.address());
    }
  }
}
