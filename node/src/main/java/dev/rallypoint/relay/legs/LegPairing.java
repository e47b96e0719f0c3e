package dev.rallypoint.relay.legs;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Timing;
import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.relay.backhaul.TicketBook;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.handshake.AwaitingTicket;
import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.session.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes legs that are partners a session of the engine. For legs on two nodes there is a backhaul
 * connection: the node of the later leg dials and presents the ticket, the node of the earlier one
 * expects it. For the thread of the node's actor only.
 */
final class LegPairing {
  /** How long a ticket is expected: longer than the other node may take to dial. */
  private static final Duration TIMEOUT = Duration.ofSeconds(12);

  private static final int MAX_EXPECTED = 16_384;

  private final Optional<Backhaul> backhaul;
  private final RelayEngine engine;
  private final TicketBook<LocalLeg, TcpLeg> tickets = new TicketBook<>(MAX_EXPECTED);

  LegPairing(Optional<Backhaul> backhaul, RelayEngine engine) {
    this.backhaul = backhaul;
    this.engine = engine;
  }

  /** Where other nodes present their tickets. */
  BackhaulAddress address() {
    return backhaul.map(Backhaul::address).orElse(BackhaulAddress.NONE);
  }

  /**
   * Begins to connect a leg with its partner on another node, or returns why it cannot. {@code
   * dialled} takes the backhaul connection, or null when there is none; on any thread.
   */
  Optional<DropReason> connect(
      LocalLeg leg, SessionReply.Paired pairing, BiConsumer<LocalLeg, @Nullable TcpLeg> dialled) {
    if (backhaul.isEmpty() || pairing.ticket().isNone()) {
      return Optional.of(DropReason.BACKHAUL_UNREACHABLE);
    }
    if (!pairing.dial().isNone()) {
      backhaul
          .get()
          .dial(pairing.dial(), pairing.ticket())
          .whenComplete((remote, failure) -> dialled.accept(leg, remote));
      return Optional.empty();
    }
    timePaired(leg);
    if (!tickets.hasRoom()) {
      return Optional.of(DropReason.BACKHAUL_LIMIT);
    }
    tickets
        .expect(pairing.ticket(), leg, engine.context().now() + TIMEOUT.toNanos())
        .ifPresent(remote -> accept(leg, remote));
    return Optional.empty();
  }

  /** A backhaul connection presents a ticket. */
  void onTicket(TcpLeg remote, Ticket ticket) {
    tickets.show(ticket, remote).ifPresent(leg -> accept(leg, remote));
  }

  private void accept(LocalLeg leg, TcpLeg remote) {
    remote.execute(AwaitingTicket::accept);
    join(leg, remote);
  }

  /** Two legs of this node become a session. */
  void join(SessionReply.Paired pairing, LocalLeg a, LocalLeg b) {
    timePaired(a.since() - b.since() < 0 ? a : b);
    join(pairing, a.connection(), b.connection());
  }

  /** A leg and the backhaul connection to its partner become a session. */
  void join(LocalLeg leg, TcpLeg remote) {
    backhaul.ifPresent(own -> own.onSettled(remote));
    SessionReply.Paired pairing = leg.pairing();
    if (pairing == null) {
      throw new IllegalStateException("a leg has a partner before it is joined");
    }
    leg.enter(LocalLeg.State.RELAYING);
    boolean isControlling = pairing.a().equals(leg.ref());
    if (isControlling) {
      engine.context().counters().count(Event.BACKHAUL_SESSIONS);
    }
    join(
        pairing,
        isControlling ? leg.connection() : remote,
        isControlling ? remote : leg.connection());
  }

  private void join(SessionReply.Paired pairing, RelayLeg a, RelayLeg b) {
    boolean isLimited = isBlacklisted(a) || isBlacklisted(b);
    engine.join(new LegPair(pairing.uuid(), a, b, pairing.sessionType(), isLimited));
  }

  /** The leg that came first has waited until now. */
  private void timePaired(LocalLeg first) {
    RelayContext context = engine.context();
    context.counters().time(Timing.RELAY_PAIR, context.now() - first.since());
  }

  private boolean isBlacklisted(RelayLeg leg) {
    return !leg.isBackhaul() && engine.context().rules().blacklist().contains(leg.address());
  }

  /** A leg that was to be connected is closed. */
  void forget(LocalLeg leg) {
    tickets.forget(leg);
  }

  /** A backhaul connection is closed. */
  void onClosed(TcpLeg remote) {
    tickets.withdraw(remote);
    backhaul.ifPresent(own -> own.onSettled(remote));
  }

  /** The legs whose partner's node did not dial in time. */
  List<LocalLeg> missed() {
    return tickets.missed(engine.context().now());
  }
}
