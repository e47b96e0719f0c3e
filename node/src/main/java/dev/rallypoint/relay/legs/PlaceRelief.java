package dev.rallypoint.relay.legs;

import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.limit.IdlestFirst;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.loop.LiveSession;
import dev.rallypoint.relay.session.EndReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Frees places of the relay when they run short: the idlest sessions and waiting legs of the
 * address that holds most places go first, so that clients of other addresses still find one. For
 * the thread of the node's actor only.
 */
final class PlaceRelief {
  /** A session of an address with few places stays, unless it was idle for so long. */
  static final Duration LEAST_IDLE = Duration.ofSeconds(10);

  /** The most places freed in one turn. */
  private static final int MOST_PER_TURN = 1_024;

  /** The part of the waiting legs that goes when there are too many. */
  private static final int WAITING_SHARE = 16;

  private final RelayEngine engine;
  private final RelayPlaces places;
  private final IdlestFirst rule;
  private final Networks exempt;

  PlaceRelief(RelayEngine engine, RelayPlaces places) {
    this.engine = engine;
    this.places = places;
    this.exempt = new Networks(engine.context().settings().connections().exempt());
    this.rule = new IdlestFirst(LEAST_IDLE.toNanos(), places.limits().many());
  }

  /** Frees places and conduits if they have run short; {@code evict} closes a leg that waits. */
  void run(LegTable legs, Consumer<LocalLeg> evict) {
    engine.endStalled();
    int needed = Math.min(places.shortage(), MOST_PER_TURN);
    if (needed == 0) {
      return;
    }
    long now = engine.context().now();
    List<Runnable> chosen = rule.choose(candidates(legs, evict), needed, now);
    chosen.forEach(Runnable::run);
  }

  /** The leg now waits; when as many wait as may, some are evicted for it. False over a limit. */
  boolean admit(LocalLeg leg, WaitingLegs waiting, LegTable legs, Consumer<LocalLeg> evict) {
    if (waiting.isFull()) {
      evictWaiting(legs, evict);
    }
    return waiting.enter(leg);
  }

  private void evictWaiting(LegTable legs, Consumer<LocalLeg> evict) {
    List<IdlestFirst.Candidate<Runnable>> waiting = new ArrayList<>();
    addWaiting(waiting, legs, evict);
    int needed = Math.max(1, places.limits().waiting() / WAITING_SHARE);
    rule.choose(waiting, needed, engine.context().now()).forEach(Runnable::run);
  }

  /** The hosts that may be asked to give up places; those of exempt networks are not. */
  private List<PeerAddress> counted(List<PeerAddress> hosts) {
    return hosts.stream().filter(host -> !exempt.contains(host)).toList();
  }

  private List<IdlestFirst.Candidate<Runnable>> candidates(
      LegTable legs, Consumer<LocalLeg> evict) {
    List<IdlestFirst.Candidate<Runnable>> all = new ArrayList<>();
    for (LiveSession session : engine.live()) {
      all.add(
          new IdlestFirst.Candidate<>(
              () -> session.end(EndReason.EVICTED),
              counted(session.legs().hosts()),
              session.lastByte()));
    }
    addWaiting(all, legs, evict);
    return all;
  }

  private void addWaiting(
      List<IdlestFirst.Candidate<Runnable>> all, LegTable legs, Consumer<LocalLeg> evict) {
    for (LocalLeg leg : legs.all()) {
      if (leg.state() == LocalLeg.State.WAITING) {
        all.add(
            new IdlestFirst.Candidate<>(
                () -> evict.accept(leg),
                counted(List.of(leg.connection().address())),
                leg.since()));
      }
    }
  }
}
