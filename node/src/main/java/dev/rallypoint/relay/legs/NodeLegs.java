package dev.rallypoint.relay.legs;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.LegRef;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.relay.splice.Leg;
import dev.rallypoint.relay.splice.LiveSession;
import dev.rallypoint.relay.splice.RelayHandshake;
import dev.rallypoint.relay.splice.RelayLeg;
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
 * The node's actor for its legs: speaks to the sessions for the legs whose sockets are here, and
 * tells the engine what the sessions decided. It holds each leg's standing, no bytes.
 */
public final class NodeLegs extends AbstractBehavior<LegCommand> {
  private static final Duration TICK = Duration.ofMillis(250);

  private final NodeLegsContext around;
  private final Counters counters;
  private final ActorRef<SessionReply> self;
  private final ConnectionQuota waiting;
  private final LegTable guests = new LegTable();
  private final Outbox remembrance = new Outbox();
  private LegCommand.@Nullable Drain drain;

  /** The actor of a node that is a member of its cluster. */
  public static Behavior<LegCommand> create(NodeLegsContext around) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startTimerWithFixedDelay(LegCommand.Tick.NOW, TICK);
          return new NodeLegs(context, around);
        }));
  }

  private NodeLegs(ActorContext<LegCommand> context, NodeLegsContext around) {
    super(context);
    this.around = around;
    this.counters = around.counters();
    this.self = context.messageAdapter(SessionReply.class, LegCommand.Said::new);
    NodeLegsRegistry.register(context.getSystem(), self);
    this.waiting =
        new ConnectionQuota(
            around.settings().waitingPerAddress(),
            Integer.MAX_VALUE,
            around.settings().connections().exempt());
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
              // A WebSocket that waits is on no loop that would close it.
              guests.all().forEach(guest -> guest.leg().dismiss(EndReason.STOPPED));
              around.engine().stop();
              return this;
            })
        .build();
  }

  private Behavior<LegCommand> onMessage(LegCommand message) {
    switch (message) {
      case LegCommand.Admitted admitted -> onAdmitted(admitted.leg(), admitted.request());
      case LegCommand.Closed closed -> onClosed(closed.leg());
      case LegCommand.Ended ended -> onEnded(ended.session(), ended.reason());
      case LegCommand.Said said -> onSaid(said.answer());
      case LegCommand.Ticketed(Leg pipe, Ticket ticket) -> around.meetings().onTicket(pipe, ticket);
      case LegCommand.Dialled(LocalLeg guest, Leg pipe) -> onDialled(guest, pipe);
      case LegCommand.NodeRemoved(Address node, boolean isLost) -> onNodeRemoved(node, isLost);
      case LegCommand.Tick tick -> onTick();
      case LegCommand.Drain drain -> onDrain(drain);
      case LegCommand.Count count ->
          count
              .replyTo()
              .tell(new LegCommand.Legs(guests.size(), drain == null || guests.areAnyAwaiting()));
      case LegCommand.Stop stop -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {
    String uuid = request.uuid();
    LocalLeg guest =
        new LocalLeg(
            leg,
            uuid,
            new RelaySession.Join(
                name(leg),
                request.side(),
                request.connType().getNumber(),
                around.meetings().address()));
    if (guests.isTaken(uuid)) {
      drop(guest, DropReason.RELAY_TAKEN); // known here, whatever its session knows
    } else if (guests.isEntombed(uuid)) {
      drop(guest, DropReason.RELAY_LATE);
    } else if (drain == LegCommand.Drain.NOBODY || drain != null && !guests.isAwaited(uuid)) {
      drop(guest, DropReason.RELAY_DRAINING);
    } else {
      guests.add(guest);
      say(leg, guest.word());
    }
  }

  private void onSaid(SessionReply answer) {
    if (answer instanceof SessionReply.Asked(long nobody, String uuid, var session)) {
      session.tell(guests.memoryOf(uuid, self).orElse(new RelaySession.Unknown(self)));
      return;
    }
    if (!(answer instanceof SessionReply.Over)) {
      remembrance.settle(answer.leg());
    }
    LocalLeg guest = guests.get(answer.leg());
    if (guest == null || guest.isIntroduced() && !(answer instanceof SessionReply.Over)) {
      return; // it went away, which its session hears, or this was said before
    }
    switch (answer) {
      case SessionReply.Waits waits -> onWaits(guest);
      case SessionReply.Introduced introduced when introduced.isWithinOneHome() -> pair(introduced);
      case SessionReply.Introduced introduced -> meet(guest, introduced);
      case SessionReply.Refused refused ->
          drop(guest, refused.isLate() ? DropReason.RELAY_LATE : DropReason.RELAY_TAKEN);
      case SessionReply.Expired expired -> drop(guest, DropReason.RELAY_UNPAIRED);
      case SessionReply.Noted noted -> {}
      case SessionReply.Asked asked -> {}
      case SessionReply.Over over -> drop(guest, DropReason.BACKHAUL_UNMET);
    }
  }

  private void onWaits(LocalLeg guest) {
    if (guest.standing() == LocalLeg.Standing.WAITING) {
      return; // it waits on with a session that moved
    }
    if (waiting.acquireFor(guest.leg().address())) {
      guest.stand(LocalLeg.Standing.WAITING);
    } else {
      drop(guest, DropReason.RELAY_WAITING_LIMIT);
    }
  }

  private void pair(SessionReply.Introduced introduced) {
    LocalLeg a = guests.get(introduced.a().number());
    LocalLeg b = guests.get(introduced.b().number());
    if (a == null || b == null) {
      drop(a, DropReason.RELAY_UNPAIRED); // one of the two has gone meanwhile
      drop(b, DropReason.RELAY_UNPAIRED);
      return;
    }
    introduce(a, introduced, LocalLeg.Standing.PAIRED);
    introduce(b, introduced, LocalLeg.Standing.PAIRED);
    around
        .engine()
        .join(
            introduced.uuid(),
            a.leg(),
            b.leg(),
            introduced.kind(),
            around.rules().blacklist().contains(a.leg().address())
                || around.rules().blacklist().contains(b.leg().address()));
  }

  private void meet(LocalLeg guest, SessionReply.Introduced introduced) {
    introduce(guest, introduced, LocalLeg.Standing.MEETING);
    ActorRef<LegCommand> here = getContext().getSelf();
    around
        .meetings()
        .arrange(guest, introduced, (whose, pipe) -> here.tell(new LegCommand.Dialled(whose, pipe)))
        .ifPresent(reason -> drop(guest, reason));
  }

  private void introduce(
      LocalLeg guest, SessionReply.Introduced introduced, LocalLeg.Standing next) {
    stopWaiting(guest);
    remembrance.settle(guest.leg().number());
    guest.introduce(introduced);
    guest.stand(next);
  }

  private void onDialled(LocalLeg guest, @Nullable Leg pipe) {
    if (pipe == null) {
      drop(guests.get(guest.leg().number()), DropReason.BACKHAUL_UNREACHABLE);
    } else if (guests.get(guest.leg().number()) == null) {
      pipe.dismiss(EndReason.GONE);
    } else {
      around.meetings().join(guest, pipe);
    }
  }

  private void onDrain(LegCommand.Drain step) {
    drain = step;
    if (step == LegCommand.Drain.NOBODY) {
      guests.all().forEach(guest -> drop(guest, DropReason.RELAY_DRAINED));
    }
  }

  private void onTick() {
    guests.clearTombs(around.engine().now());
    around.meetings().missed().forEach(guest -> drop(guest, DropReason.BACKHAUL_UNMET));
    for (Outbox.Word word : remembrance.due(around.engine().now())) {
      around.sessions().accept(word.uuid(), word.command());
    }
  }

  private void say(RelayLeg leg, Outbox.Word word) {
    remembrance.onSaid(leg.number(), word, around.engine().now());
    around.sessions().accept(word.uuid(), word.command());
  }

  /** A node is gone, and with it the sessions of its shards, and maybe legs that ours have met. */
  private void onNodeRemoved(Address node, boolean isLost) {
    for (LocalLeg guest : guests.all()) {
      if (!isLost || !guest.hasPartnerOn(node)) {
        remembrance.add(guest.leg().number(), guest.word());
      } else if (guest.standing() == LocalLeg.Standing.PAIRED) {
        guest.leg().dismiss(EndReason.LOST); // its pipe may be silent for ever
      } else {
        drop(guest, DropReason.RELAY_NODE_LOST);
      }
    }
  }

  private void onEnded(LiveSession session, EndReason reason) {
    switch (reason) {
      case IDLE -> counters.dropped(DropReason.RELAY_IDLE);
      case STALLED -> counters.dropped(DropReason.RELAY_STALLED);
      case LOST -> counters.dropped(DropReason.RELAY_NODE_LOST);
      case DRAINED -> counters.dropped(DropReason.RELAY_DRAINED);
      case FINISHED, RESET, GONE, STOPPED -> {}
    }
    RelayLeg own = session.a().isPipe() ? session.b() : session.a();
    RelaySession.Ended ended = new RelaySession.Ended(name(own), reason, session.bytes());
    guests.entomb(session.uuid(), around.engine().now());
    say(own, new Outbox.Word(session.uuid(), ended));
  }

  private void onClosed(RelayLeg leg) {
    if (leg instanceof Leg pipe && pipe.isPipe()) {
      around.meetings().onClosed(pipe);
      return;
    }
    LocalLeg guest = guests.remove(leg.number());
    if (guest != null && guest.standing() != LocalLeg.Standing.PAIRED) {
      remembrance.settle(leg.number());
      stopWaiting(guest);
      around.meetings().forget(guest);
      around.sessions().accept(guest.uuid(), new RelaySession.Left(guest.name()));
    }
  }

  private void drop(@Nullable LocalLeg guest, DropReason reason) {
    if (guest != null && guest.standing() != LocalLeg.Standing.PAIRED) {
      counters.dropped(reason);
      guest.leg().dismiss(EndReason.GONE);
    }
  }

  private void stopWaiting(LocalLeg guest) {
    if (guest.standing() == LocalLeg.Standing.WAITING) {
      waiting.releaseFor(guest.leg().address());
      guest.stand(LocalLeg.Standing.ASKING);
    }
  }

  private LegRef name(RelayLeg leg) {
    return new LegRef(self, leg.number());
  }
}
