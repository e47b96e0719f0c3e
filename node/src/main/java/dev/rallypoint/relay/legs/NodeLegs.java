package dev.rallypoint.relay.legs;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.LegRef;
import dev.rallypoint.relay.session.SessionCommand;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.session.Ticket;
import java.time.Duration;
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

  private final NodeLegsContext environment;
  private final Counters counters;
  private final ActorRef<SessionReply> self;
  private final ConnectionQuota waiting;
  private final LegTable legs = new LegTable();
  private final Outbox outbox = new Outbox();
  private LegCommand.@Nullable Drain drain;

  /** The actor of a node that is a member of its cluster. */
  public static Behavior<LegCommand> create(NodeLegsContext environment) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startTimerWithFixedDelay(LegCommand.Tick.NOW, TICK);
          return new NodeLegs(context, environment);
        }));
  }

  private NodeLegs(ActorContext<LegCommand> context, NodeLegsContext environment) {
    super(context);
    this.environment = environment;
    this.counters = environment.counters();
    this.self = context.messageAdapter(SessionReply.class, LegCommand.Reply::new);
    NodeLegsRegistry.register(context.getSystem(), self);
    this.waiting =
        new ConnectionQuota(
            environment.settings().waitingPerAddress(),
            Integer.MAX_VALUE,
            environment.settings().connections().exempt());
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
              environment.engine().stop();
              return this;
            })
        .build();
  }

  private Behavior<LegCommand> onMessage(LegCommand message) {
    switch (message) {
      case LegCommand.Admitted admitted -> onAdmitted(admitted);
      case LegCommand.Closed closed -> onClosed(closed.leg());
      case LegCommand.Ended ended -> onEnded(ended);
      case LegCommand.Reply(SessionReply reply) -> onReply(reply);
      case LegCommand.Ticketed(TcpLeg pipe, Ticket ticket) ->
          environment.pairing().onTicket(pipe, ticket);
      case LegCommand.Dialled(LocalLeg leg, TcpLeg pipe) -> onDialled(leg, pipe);
      case LegCommand.NodeRemoved(Address node, boolean isLost) -> onNodeRemoved(node, isLost);
      case LegCommand.Tick tick -> onTick();
      case LegCommand.Drain drain -> onDrain(drain);
      case LegCommand.Count count ->
          count
              .replyTo()
              .tell(new LegCommand.Legs(legs.size(), drain == null || legs.areAnyAwaiting()));
      case LegCommand.Stop stop -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void onAdmitted(LegCommand.Admitted admitted) {
    RelayHandshake.Verdict.Admitted request = admitted.request();
    String uuid = request.uuid();
    LocalLeg leg =
        new LocalLeg(
            admitted.leg(),
            uuid,
            new SessionCommand.Join(
                refOf(admitted.leg()),
                request.side(),
                request.connType().getNumber(),
                environment.pairing().address()));
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
      case SessionReply.Paired pairing when pairing.isOnOneNode() -> join(pairing);
      case SessionReply.Paired pairing -> connect(leg, pairing);
      case SessionReply.Refused refused ->
          drop(leg, refused.isLate() ? DropReason.RELAY_LATE : DropReason.RELAY_TAKEN);
      case SessionReply.Expired expired -> drop(leg, DropReason.RELAY_UNPAIRED);
      case SessionReply.Acknowledged acknowledged -> {}
      case SessionReply.RecoveryQuery query -> {}
      case SessionReply.PartnerGone gone -> drop(leg, DropReason.BACKHAUL_UNMET);
    }
  }

  private void onWaiting(LocalLeg leg) {
    if (leg.state() == LocalLeg.State.WAITING) {
      return; // its session has moved
    }
    if (waiting.acquireFor(leg.connection().address())) {
      leg.enter(LocalLeg.State.WAITING);
    } else {
      drop(leg, DropReason.RELAY_WAITING_LIMIT);
    }
  }

  /** Two legs of this node become a session. */
  private void join(SessionReply.Paired pairing) {
    LocalLeg a = legs.get(pairing.a().number());
    LocalLeg b = legs.get(pairing.b().number());
    if (a == null || b == null) {
      drop(a, DropReason.RELAY_UNPAIRED); // one of the two was closed meanwhile
      drop(b, DropReason.RELAY_UNPAIRED);
      return;
    }
    onPaired(a, pairing, LocalLeg.State.RELAYING);
    onPaired(b, pairing, LocalLeg.State.RELAYING);
    environment.pairing().join(pairing, a, b);
  }

  /** A leg of this node and one of another become a session, once there is a pipe. */
  private void connect(LocalLeg leg, SessionReply.Paired pairing) {
    onPaired(leg, pairing, LocalLeg.State.CONNECTING);
    ActorRef<LegCommand> here = getContext().getSelf();
    environment
        .pairing()
        .connect(leg, pairing, (whose, pipe) -> here.tell(new LegCommand.Dialled(whose, pipe)))
        .ifPresent(reason -> drop(leg, reason));
  }

  private void onPaired(LocalLeg leg, SessionReply.Paired pairing, LocalLeg.State next) {
    stopWaiting(leg);
    outbox.remove(leg.number());
    leg.pair(pairing);
    leg.enter(next);
  }

  private void onDialled(LocalLeg leg, @Nullable TcpLeg pipe) {
    if (pipe == null) {
      drop(legs.get(leg.number()), DropReason.BACKHAUL_UNREACHABLE);
    } else if (legs.get(leg.number()) == null) {
      pipe.close(EndReason.GONE);
    } else {
      environment.pairing().join(leg, pipe);
    }
  }

  private void onDrain(LegCommand.Drain step) {
    drain = step;
    if (step == LegCommand.Drain.NO_LEGS) {
      legs.all().forEach(leg -> drop(leg, DropReason.RELAY_DRAINED));
    }
  }

  private void onTick() {
    legs.clearTombstones(environment.now());
    environment.pairing().missed().forEach(leg -> drop(leg, DropReason.BACKHAUL_UNMET));
    outbox
        .due(environment.now())
        .forEach(due -> environment.sessions().accept(due.uuid(), due.command()));
  }

  private void send(long leg, Outbox.Message message) {
    outbox.onSent(leg, message, environment.now());
    environment.sessions().accept(message.uuid(), message.command());
  }

  /** A node is gone, and with it the sessions of its shards, and maybe partners of legs here. */
  private void onNodeRemoved(Address node, boolean isLost) {
    for (LocalLeg leg : legs.all()) {
      if (!isLost || !leg.hasPartnerOn(node)) {
        outbox.add(leg.number(), leg.message());
      } else if (leg.state() == LocalLeg.State.RELAYING) {
        leg.connection().close(EndReason.LOST); // its pipe may never report it
      } else {
        drop(leg, DropReason.RELAY_NODE_LOST);
      }
    }
  }

  private void onEnded(LegCommand.Ended ended) {
    switch (ended.reason()) {
      case IDLE -> counters.dropped(DropReason.RELAY_IDLE);
      case STALLED -> counters.dropped(DropReason.RELAY_STALLED);
      case LOST -> counters.dropped(DropReason.RELAY_NODE_LOST);
      case DRAINED -> counters.dropped(DropReason.RELAY_DRAINED);
      case FINISHED, RESET, GONE, STOPPED -> {}
    }
    LegPair pair = ended.legs();
    RelayLeg own = pair.a().isPipe() ? pair.b() : pair.a();
    legs.addTombstone(pair.uuid(), environment.now());
    send(
        own.number(),
        new Outbox.Message(
            pair.uuid(), new SessionCommand.Ended(refOf(own), ended.reason(), ended.bytes())));
  }

  private void onClosed(RelayLeg closed) {
    if (closed instanceof TcpLeg pipe && pipe.isPipe()) {
      environment.pairing().onClosed(pipe);
      return;
    }
    LocalLeg leg = legs.remove(closed.number());
    if (leg != null && leg.state() != LocalLeg.State.RELAYING) {
      outbox.remove(leg.number());
      stopWaiting(leg);
      environment.pairing().forget(leg);
      environment.sessions().accept(leg.uuid(), new SessionCommand.Left(leg.ref()));
    }
  }

  private void drop(@Nullable LocalLeg leg, DropReason reason) {
    if (leg != null && leg.state() != LocalLeg.State.RELAYING) {
      counters.dropped(reason);
      leg.connection().close(EndReason.GONE);
    }
  }

  private void stopWaiting(LocalLeg leg) {
    if (leg.state() == LocalLeg.State.WAITING) {
      waiting.releaseFor(leg.connection().address());
      leg.enter(LocalLeg.State.JOINING);
    }
  }

  private LegRef refOf(RelayLeg leg) {
    return new LegRef(self, leg.number());
  }
}
