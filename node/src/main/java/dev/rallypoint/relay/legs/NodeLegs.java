package dev.rallypoint.relay.legs;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.BandwidthBudget;
import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.LegRef;
import dev.rallypoint.relay.session.SessionCommand;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.session.SessionSide;
import dev.rallypoint.relay.session.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.jspecify.annotations.Nullable;

/**
 * The actor of a node for the legs whose sockets are on it: it asks their sessions for a partner,
 * carries out in the engine what the sessions decide, and reports to them what ends. It holds the
 * state of each leg, no bytes.
 */
public final class NodeLegs extends AbstractBehavior<LegCommand> {
  private static final Duration TICK = Duration.ofMillis(250);

  /** The most sessions a second that are told that a leg was refused for its access key. */
  private static final int REFUSALS_PER_SECOND = 50;

  private final RelayEngine engine;
  private final LegPairing pairing;
  private final BiConsumer<String, SessionCommand> sessions;
  private final Counters counters;
  private final ActorRef<SessionReply> self;
  private final WaitingLegs waiting;
  private final PlaceRelief relief;
  private final BandwidthBudget refusals;
  private final LegTable legs = new LegTable();
  private final Outbox outbox = new Outbox();
  private LegCommand.@Nullable Drain drain;

  /** The actor of a member of a cluster; {@code sessions} sends to the session of a uuid. */
  public static Behavior<LegCommand> create(
      RelayEngine engine,
      Optional<Backhaul> backhaul,
      BiConsumer<String, SessionCommand> sessions,
      RelayPlaces places) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startTimerWithFixedDelay(LegCommand.Signal.TICK, TICK);
          return new NodeLegs(context, engine, backhaul, sessions, places);
        }));
  }

  private NodeLegs(
      ActorContext<LegCommand> context,
      RelayEngine engine,
      Optional<Backhaul> backhaul,
      BiConsumer<String, SessionCommand> sessions,
      RelayPlaces places) {
    super(context);
    this.engine = engine;
    this.pairing = new LegPairing(backhaul, engine);
    this.sessions = sessions;
    this.counters = engine.context().counters();
    this.self = context.messageAdapter(SessionReply.class, LegCommand.Reply::new);
    NodeLegsRegistry.register(context.getSystem(), self);
    this.waiting = new WaitingLegs(engine.context(), places);
    this.relief = new PlaceRelief(engine, places);
    this.refusals = new BandwidthBudget(engine.context().now());
    Cluster.get(context.getSystem())
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(MemberRemoved.class, LegCommand.NodeRemoved::of),
                MemberRemoved.class));
  }

  @Override
  public Receive<LegCommand> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onMessage)
        .onSignal(
            PostStop.class,
            signal -> {
              // A WebSocket that waits for its partner is on no loop that would close it.
              legs.all().forEach(leg -> leg.connection().close(EndReason.STOPPED));
              engine.stop();
              return this;
            })
        .build();
  }

  private Behavior<LegCommand> onMessage(LegCommand message) {
    switch (message) {
      case LegCommand.Admitted(RelayLeg leg, var request) -> onAdmitted(leg, request);
      case LegCommand.KeyRefused(String uuid, SessionSide side) -> onKeyRefused(uuid, side);
      case LegCommand.Closed closed -> onClosed(closed.leg());
      case LegCommand.Ended ended -> onEnded(ended);
      case LegCommand.Reply(SessionReply reply) -> onReply(reply);
      case LegCommand.Ticketed(TcpLeg remote, Ticket ticket) -> pairing.onTicket(remote, ticket);
      case LegCommand.Dialled(LocalLeg leg, TcpLeg remote) -> onDialled(leg, remote);
      case LegCommand.NodeRemoved(Address node, boolean isLost) -> onNodeRemoved(node, isLost);
      case LegCommand.Signal.TICK -> onTick();
      case LegCommand.Drain drain -> onDrain(drain);
      case LegCommand.Count(ActorRef<LegCommand.Legs> asker) ->
          asker.tell(new LegCommand.Legs(legs.size(), drain == null || legs.areAnyAwaiting()));
      case LegCommand.Signal.STOP -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void onAdmitted(RelayLeg connection, RelayHandshake.Verdict.Admitted request) {
    String uuid = request.uuid();
    int connType = request.connType().getNumber();
    SessionCommand.Join join =
        new SessionCommand.Join(refOf(connection), request.side(), connType, pairing.address());
    LocalLeg leg = new LocalLeg(connection, uuid, join, engine.context().now());
    if (legs.isTaken(uuid)) {
      drop(leg, DropReason.RELAY_TAKEN); // known here, whatever its session knows
    } else if (legs.hasTombstone(uuid)) {
      drop(leg, DropReason.RELAY_LATE);
    } else if (drain == LegCommand.Drain.NO_LEGS || drain != null && !legs.isAwaited(uuid)) {
      drop(leg, DropReason.RELAY_DRAINING);
    } else {
      legs.add(leg);
      send(leg.number(), leg.message());
    }
  }

  /** Anybody may cause this, without the key: so the sessions that hear of it are limited. */
  private void onKeyRefused(String uuid, SessionSide side) {
    if (refusals.take(engine.context().now(), REFUSALS_PER_SECOND, 1, 1) > 0) {
      sessions.accept(uuid, new SessionCommand.PartnerRefused(side));
    }
  }

  private void onReply(SessionReply reply) {
    if (reply instanceof SessionReply.RecoveryQuery(long none, String uuid, var session)) {
      session.tell(legs.knownOf(uuid, self).orElse(new SessionCommand.Unknown(self)));
      return;
    }
    if (!(reply instanceof SessionReply.PartnerGone)) {
      outbox.remove(reply.leg());
    }
    LocalLeg leg = legs.get(reply.leg());
    if (leg == null || leg.hasPartner() && !(reply instanceof SessionReply.PartnerGone)) {
      return; // it is closed, which its session is told, or this is a repetition
    }
    switch (reply) {
      case SessionReply.Waiting waits -> onWaiting(leg);
      case SessionReply.Paired paired when paired.isOnOneNode() -> join(paired);
      case SessionReply.Paired paired -> connect(leg, paired);
      case SessionReply.Refused refused ->
          drop(leg, refused.isLate() ? DropReason.RELAY_LATE : DropReason.RELAY_TAKEN);
      case SessionReply.PartnerRefused refused -> drop(leg, DropReason.RELAY_PARTNER_REFUSED);
      case SessionReply.Expired expired -> drop(leg, DropReason.RELAY_UNPAIRED);
      case SessionReply.Acknowledged _, SessionReply.RecoveryQuery _ -> {}
      case SessionReply.PartnerGone gone -> drop(leg, DropReason.BACKHAUL_UNMET);
    }
  }

  private void onWaiting(LocalLeg leg) {
    boolean hasWaited = leg.state() == LocalLeg.State.WAITING; // its session has moved
    if (!hasWaited && !relief.admit(leg, waiting, legs, this::evict)) {
      drop(leg, DropReason.RELAY_WAITING_LIMIT);
    }
  }

  /** Two legs of this node become a session. */
  private void join(SessionReply.Paired paired) {
    LocalLeg a = legs.get(paired.a().number());
    LocalLeg b = legs.get(paired.b().number());
    if (a == null || b == null) {
      drop(a, DropReason.RELAY_UNPAIRED); // one of the two was closed meanwhile
      drop(b, DropReason.RELAY_UNPAIRED);
      return;
    }
    onPaired(a, paired, LocalLeg.State.RELAYING);
    onPaired(b, paired, LocalLeg.State.RELAYING);
    pairing.join(paired, a, b);
  }

  /** A leg of this node and one of another become a session, once they are connected. */
  private void connect(LocalLeg leg, SessionReply.Paired paired) {
    onPaired(leg, paired, LocalLeg.State.CONNECTING);
    ActorRef<LegCommand> here = getContext().getSelf();
    pairing
        .connect(leg, paired, (whose, remote) -> here.tell(new LegCommand.Dialled(whose, remote)))
        .ifPresent(reason -> drop(leg, reason));
  }

  private void onPaired(LocalLeg leg, SessionReply.Paired paired, LocalLeg.State next) {
    waiting.leave(leg);
    outbox.remove(leg.number());
    leg.pair(paired);
    leg.enter(next);
  }

  private void onDialled(LocalLeg leg, @Nullable TcpLeg remote) {
    if (remote == null) {
      drop(legs.get(leg.number()), DropReason.BACKHAUL_UNREACHABLE);
    } else if (legs.get(leg.number()) == null) {
      remote.close(EndReason.GONE);
    } else {
      pairing.join(leg, remote);
    }
  }

  private void onDrain(LegCommand.Drain step) {
    drain = step == LegCommand.Drain.OVER ? null : step;
    if (step == LegCommand.Drain.NO_LEGS) {
      legs.all().forEach(leg -> drop(leg, DropReason.RELAY_DRAINED));
    }
  }

  private void onTick() {
    legs.clearTombstones(engine.context().now());
    pairing.missed().forEach(leg -> drop(leg, DropReason.BACKHAUL_UNMET));
    relief.run(legs, this::evict);
    outbox.due(engine.context().now()).forEach(due -> sessions.accept(due.uuid(), due.command()));
  }

  private void send(long leg, Outbox.Message message) {
    outbox.onSent(leg, message, engine.context().now());
    sessions.accept(message.uuid(), message.command());
  }

  /** A node is gone, and with it the sessions of its shards, and maybe partners of legs here. */
  private void onNodeRemoved(Address node, boolean isLost) {
    for (LocalLeg leg : legs.all()) {
      if (!isLost || !leg.hasPartnerOn(node)) {
        outbox.add(leg.number(), leg.message());
      } else if (leg.state() == LocalLeg.State.RELAYING) {
        leg.connection().close(EndReason.LOST); // its backhaul connection may never report it
      } else {
        drop(leg, DropReason.RELAY_NODE_LOST);
      }
    }
  }

  private void onEnded(LegCommand.Ended ended) {
    LegPair pair = ended.legs();
    RelayLeg own = pair.a().isBackhaul() ? pair.b() : pair.a();
    ended.reason().drop().ifPresent(reason -> counters.dropped(reason, own.address()));
    legs.addTombstone(pair.uuid(), engine.context().now());
    send(
        own.number(),
        new Outbox.Message(
            pair.uuid(),
            new SessionCommand.Ended(refOf(own), ended.reason().told(), ended.bytes())));
  }

  private void onClosed(RelayLeg closed) {
    if (closed instanceof TcpLeg remote && remote.isBackhaul()) {
      pairing.onClosed(remote);
      return;
    }
    LocalLeg leg = legs.remove(closed.number());
    if (leg != null && leg.state() != LocalLeg.State.RELAYING) {
      outbox.remove(leg.number());
      waiting.leave(leg);
      pairing.forget(leg);
      sessions.accept(leg.uuid(), new SessionCommand.Left(leg.ref()));
    }
  }

  private void drop(@Nullable LocalLeg leg, DropReason reason) {
    if (leg != null && leg.state() != LocalLeg.State.RELAYING) {
      leg.refuse(reason, counters);
    }
  }

  private void evict(LocalLeg leg) {
    drop(leg, DropReason.RELAY_EVICTED);
    waiting.leave(leg);
  }

  private LegRef refOf(RelayLeg leg) {
    return new LegRef(self, leg.number());
  }
}
