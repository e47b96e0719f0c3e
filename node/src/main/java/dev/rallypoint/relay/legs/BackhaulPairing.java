package dev.rallypoint.relay.legs;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.relay.backhaul.TicketBook;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.relay.splice.Leg;
import dev.rallypoint.relay.splice.RelayRules;
import dev.rallypoint.relay.splice.SpliceEngine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How legs of this node meet legs of other nodes: the later one's node dials and says the ticket,
 * the earlier one's knows it. For the thread of the node's actor only.
 */
public final class BackhaulPairing {
  /** Longer than the other node may take to dial. */
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  private static final int BOUND = 16_384;

  private final Optional<Backhaul> backhaul;
  private final SpliceEngine engine;
  private final RelayRules rules;
  private final Counters counters;
  private final TicketBook<LocalLeg, Leg> tickets = new TicketBook<>(BOUND);

  /**
   * @param backhaul none on a node that is alone
   */
  public BackhaulPairing(
      Optional<Backhaul> backhaul, SpliceEngine engine, RelayRules rules, Counters counters) {
    this.backhaul = backhaul;
    this.engine = engine;
    this.rules = rules;
    this.counters = counters;
  }

  /** Where other nodes bring their tickets. */
  BackhaulAddress address() {
    return backhaul.map(Backhaul::address).orElse(BackhaulAddress.NONE);
  }

  /**
   * A guest was introduced to a leg of another node.
   *
   * @param dialled hears of the pipe, or of null when there is none; on any thread
   * @return why they cannot meet, if they cannot
   */
  Optional<DropReason> arrange(
      LocalLeg guest,
      SessionReply.Introduced introduced,
      BiConsumer<LocalLeg, @Nullable Leg> dialled) {
    if (backhaul.isEmpty() || introduced.ticket().isNone()) {
      return Optional.of(DropReason.BACKHAUL_UNREACHABLE);
    }
    if (!introduced.dial().isNone()) {
      backhaul
          .get()
          .dial(introduced.dial(), introduced.ticket())
          .whenComplete((pipe, failure) -> dialled.accept(guest, pipe));
      return Optional.empty();
    }
    if (!tickets.hasRoom()) {
      return Optional.of(DropReason.BACKHAUL_LIMIT);
    }
    tickets
        .expect(introduced.ticket(), guest, engine.now() + PATIENCE.toNanos())
        .ifPresent(pipe -> letIn(guest, pipe));
    return Optional.empty();
  }

  /** A pipe shows a ticket. */
  void onTicket(Leg pipe, Ticket ticket) {
    tickets.show(ticket, pipe).ifPresent(guest -> letIn(guest, pipe));
  }

  private void letIn(LocalLeg guest, Leg pipe) {
    engine.welcome(pipe);
    join(guest, pipe);
  }

  /** The pipe and its guest become a session. */
  void join(LocalLeg guest, Leg pipe) {
    backhaul.ifPresent(own -> own.settle(pipe));
    SessionReply.Introduced introduced = guest.introduced();
    if (introduced == null) {
      throw new IllegalStateException("a guest is introduced before it is joined");
    }
    guest.stand(LocalLeg.Standing.PAIRED);
    counters.count(Event.BACKHAUL_SESSIONS);
    boolean isControlling = introduced.a().equals(guest.name());
    engine.join(
        introduced.uuid(),
        isControlling ? guest.leg() : pipe,
        isControlling ? pipe : guest.leg(),
        introduced.kind(),
        rules.blacklist().contains(guest.leg().address()));
  }

  /** A guest that was to meet somebody is gone. */
  void forget(LocalLeg guest) {
    tickets.forget(guest);
  }

  /** A pipe is closed. */
  void onClosed(Leg pipe) {
    tickets.withdraw(pipe);
    backhaul.ifPresent(own -> own.settle(pipe));
  }

  /** Guests whose partner's node did not come in time. */
  List<LocalLeg> missed() {
    return tickets.missed(engine.now());
  }
}
