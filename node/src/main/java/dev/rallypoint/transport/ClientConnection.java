package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ClientAddress;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.policy.ForwardingHeaders;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.SyntheticPorts;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of one TCP connection. A trusted proxy is counted towards the limit for
 * all connections only, until it names its client; then the client is counted. Safe for all
 * threads; after {@link #leave} it holds nothing, whatever is learned late.
 */
public final class ClientConnection {
  private final PeerAddress peer;
  private final ConnectionQuota quota;
  private final Networks trusted;
  private final SyntheticPorts standIns;
  private final Counters counters;
  private final AtomicReference<@Nullable Standing> standing;

  /**
   * What the visitor holds.
   *
   * @param isNamed whether the quota counts it for its host
   * @param isStandIn whether its port is a stand-in to be given back
   * @param isProxied whether a proxy named it
   */
  private record Standing(
      PeerAddress address, boolean isNamed, boolean isStandIn, boolean isProxied) {}

  private ClientConnection(
      Standing first,
      ConnectionQuota quota,
      Networks trusted,
      SyntheticPorts standIns,
      Counters counters) {
    this.peer = first.address();
    this.standing = new AtomicReference<>(first);
    this.quota = quota;
    this.trusted = trusted;
    this.standIns = standIns;
    this.counters = counters;
  }

  /**
   * Admits a connection.
   *
   * @param mayNameAnother whether its bytes may say who its client is, if it is a trusted proxy
   * @return the visitor, to be told when it leaves; empty when a limit forbids it, which is counted
   */
  static Optional<ClientConnection> admit(
      PeerAddress peer,
      boolean mayNameAnother,
      ConnectionQuota quota,
      Networks trusted,
      SyntheticPorts standIns,
      Counters counters) {
    if (!quota.admitUnnamed()) {
      counters.dropped(DropReason.CONNECTION_TOTAL);
      return Optional.empty();
    }
    boolean isNamed = !mayNameAnother || !trusted.contains(peer);
    if (isNamed && !quota.name(peer)) {
      quota.releaseUnnamed();
      counters.dropped(DropReason.CONNECTION_PER_ADDRESS);
      return Optional.empty();
    }
    counters.count(Event.CONNECTIONS_ACCEPTED);
    Standing first = new Standing(peer, isNamed, false, false);
    return Optional.of(new ClientConnection(first, quota, trusted, standIns, counters));
  }

  /** The other end of the TCP connection, be it the client's or a proxy's. */
  public PeerAddress peer() {
    return peer;
  }

  /** Whose connection this is, as far as is known. */
  public PeerAddress address() {
    Standing held = standing.get();
    return held == null ? peer : held.address();
  }

  /** Whether it came through a proxy, as far as is known. */
  public boolean isProxied() {
    Standing held = standing.get();
    return held != null && held.isProxied();
  }

  /** Whether a text console may answer: only on this machine, and with no proxy between. */
  public boolean isAtTheConsole() {
    return !isProxied() && peer.isLoopback();
  }

  /**
   * Whose an HTTP request is; to be asked once, when it becomes a WebSocket. A client that a
   * trusted proxy names has its own ip and a port that is unique among the live ones of that ip.
   *
   * @return the address; empty when a limit forbids it, which is counted: then the connection is to
   *     be closed
   */
  public Optional<PeerAddress> requestedBy(ForwardingHeaders headers) {
    PeerAddress known = address();
    ClientAddress verdict = ClientAddress.of(known, trusted, headers);
    switch (verdict.source()) {
      case UNTRUSTED -> counters.count(Event.FORWARDING_IGNORED);
      case UNCLEAR -> counters.count(Event.FORWARDING_UNCLEAR);
      case CONNECTION, HEADERS -> {}
    }
    if (verdict.source() != ClientAddress.Source.HEADERS) {
      boolean isProxied = isProxied() || verdict.source() == ClientAddress.Source.UNCLEAR;
      return become(new Standing(known, true, false, isProxied));
    }
    Optional<PeerAddress> standIn = standIns.take(verdict.address());
    if (standIn.isEmpty()) {
      counters.dropped(DropReason.CONNECTION_PER_ADDRESS);
      return standIn;
    }
    counters.count(Event.CONNECTIONS_PROXIED);
    return become(new Standing(standIn.get(), true, true, true));
  }

  /**
   * Takes what a PROXY protocol header said; false when a limit forbids it, which is counted.
   *
   * @param client empty when the proxy named nobody: then it speaks for itself
   */
  boolean introduced(Optional<PeerAddress> client) {
    client.ifPresent(named -> counters.count(Event.CONNECTIONS_PROXIED));
    return become(new Standing(client.orElse(peer), true, false, true)).isPresent();
  }

  /** The connection is gone. */
  void leave() {
    Standing last = standing.getAndSet(null);
    if (last != null) {
      forget(last);
      quota.releaseUnnamed();
    }
  }

  private Optional<PeerAddress> become(Standing next) {
    Standing before = standing.get();
    boolean isCounted =
        before != null && before.isNamed() && before.address().isSameHost(next.address());
    if (!isCounted && !quota.name(next.address())) {
      counters.dropped(DropReason.CONNECTION_PER_ADDRESS);
      giveBack(next);
      return Optional.empty();
    }
    if (before == null || !standing.compareAndSet(before, next)) {
      forget(next); // it left meanwhile
      return Optional.empty();
    }
    if (isCounted) {
      giveBack(before);
    } else {
      forget(before);
    }
    return Optional.of(next.address());
  }

  private void forget(Standing past) {
    if (past.isNamed()) {
      quota.unname(past.address());
    }
    giveBack(past);
  }

  private void giveBack(Standing past) {
    if (past.isStandIn()) {
      standIns.release(past.address());
    }
  }
}
