package dev.rallypoint.relay;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.ConnectionQuota;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's actor for its legs: admits connections, speaks to the sessions for the legs whose
 * sockets are here, and tells the engine what the sessions decided. It holds each leg's standing,
 * no bytes.
 */
final class LegHome extends AbstractBehavior<LegNews> {
  private static final Logger LOG = LoggerFactory.getLogger(LegHome.class);
  private static final Duration TICK = Duration.ofMillis(250);

  private final HomeSurroundings around;
  private final Counters counters;
  private final ActorRef<LegAnswer> self;
  private final ConnectionQuota waiting;
  private final GuestBook guests = new GuestBook();
  private final Remembrance remembrance = new Remembrance();
  private LegNews.@Nullable Drain drain;

  /** The actor of a node that is a member of its cluster. */
  static Behavior<LegNews> create(HomeSurroundings around) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startTimerWithFixedDelay(LegNews.Tick.NOW, TICK);
          return new LegHome(context, around);
        }));
  }

  private LegHome(ActorContext<LegNews> context, HomeSurroundings around) {
    super(context);
    this.around = around;
    this.counters = around.counters();
    this.self = context.messageAdapter(LegAnswer.class, LegNews.Said::new);
    RelayHomes.register(context.getSystem(), self);
    this.waiting =
        new ConnectionQuota(
            around.settings().waitingPerAddress(),
            Integer.MAX_VALUE,
            around.settings().connections().exempt());
    Cluster.get(context.getSystem())
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(MemberRemoved.class, LegNews.NodeRemoved::of),
                MemberRemoved.class));
  }

  @Override
  public Receive<LegNews> createReceive() {
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

  private Behavior<LegNews> onMessage(LegNews message) {
    switch (message) {
      case LegNews.Listening listening -> listening.ack().tell(LegNews.Ack.MORE);
      case LegNews.Accepted accepted -> {
        around.gate().take(accepted.channel());
        accepted.ack().tell(LegNews.Ack.MORE);
      }
      case LegNews.ListenerEnded ended -> LOG.debug("relay listener: {}", ended.why());
      case LegNews.Admitted admitted -> onAdmitted(admitted.leg(), admitted.request());
      case LegNews.Closed closed -> onClosed(closed.leg());
      case LegNews.Ended ended -> onEnded(ended.session(), ended.reason());
      case LegNews.Said said -> onSaid(said.answer());
      case LegNews.Ticketed(Leg pipe, Ticket ticket) -> around.meetings().onTicket(pipe, ticket);
      case LegNews.Dialled(Guest guest, Leg pipe) -> onDialled(guest, pipe);
      case LegNews.NodeRemoved(Address node, boolean isLost) -> onNodeRemoved(node, isLost);
      case LegNews.Tick tick -> onTick();
      case LegNews.Drain drain -> onDrain(drain);
      case LegNews.Count count ->
          count
              .replyTo()
              .tell(new LegNews.Legs(guests.size(), drain == null || guests.areAnyAwaiting()));
      case LegNews.Stop stop -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {
    String uuid = request.uuid();
    Guest guest =
        new Guest(
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
    } else if (drain == LegNews.Drain.NOBODY || drain != null && !guests.isAwaited(uuid)) {
      drop(guest, DropReason.RELAY_DRAINING);
    } else {
      guests.add(guest);
      say(leg, guest.word());
    }
  }

  private void onSaid(LegAnswer answer) {
    if (answer instanceof LegAnswer.Asked(long nobody, String uuid, var session)) {
      session.tell(guests.memoryOf(uuid, self).orElse(new RelaySession.Unknown(self)));
      return;
    }
    if (!(answer instanceof LegAnswer.Over)) {
      remembrance.settle(answer.leg());
    }
    Guest guest = guests.get(answer.leg());
    if (guest == null || guest.isIntroduced() && !(answer instanceof LegAnswer.Over)) {
      return; // it went away, which its session hears, or this was said before
    }
    switch (answer) {
      case LegAnswer.Waits waits -> onWaits(guest);
      case LegAnswer.Introduced introduced when introduced.isWithinOneHome() -> pair(introduced);
      case LegAnswer.Introduced introduced -> meet(guest, introduced);
      case LegAnswer.Refused refused ->
          drop(guest, refused.isLate() ? DropReason.RELAY_LATE : DropReason.RELAY_TAKEN);
      case LegAnswer.Expired expired -> drop(guest, DropReason.RELAY_UNPAIRED);
      case LegAnswer.Noted noted -> {}
      case LegAnswer.Asked asked -> {}
      case LegAnswer.Over over -> drop(guest, DropReason.BACKHAUL_UNMET);
    }
  }

  private void onWaits(Guest guest) {
    if (guest.standing() == Guest.Standing.WAITING) {
      return; // it waits on with a session that moved
    }
    if (waiting.admit(guest.leg().address()) == ConnectionQuota.Verdict.ADMITTED) {
      guest.stand(Guest.Standing.WAITING);
    } else {
      drop(guest, DropReason.RELAY_WAITING_LIMIT);
    }
  }

  private void pair(LegAnswer.Introduced introduced) {
    Guest a = guests.get(introduced.a().number());
    Guest b = guests.get(introduced.b().number());
    if (a == null || b == null) {
      drop(a, DropReason.RELAY_UNPAIRED); // one of the two has gone meanwhile
      drop(b, DropReason.RELAY_UNPAIRED);
      return;
    }
    introduce(a, introduced, Guest.Standing.PAIRED);
    introduce(b, introduced, Guest.Standing.PAIRED);
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

  private void meet(Guest guest, LegAnswer.Introduced introduced) {
    introduce(guest, introduced, Guest.Standing.MEETING);
    ActorRef<LegNews> here = getContext().getSelf();
    around
        .meetings()
        .arrange(guest, introduced, (whose, pipe) -> here.tell(new LegNews.Dialled(whose, pipe)))
        .ifPresent(reason -> drop(guest, reason));
  }

  private void introduce(Guest guest, LegAnswer.Introduced introduced, Guest.Standing next) {
    stopWaiting(guest);
    remembrance.settle(guest.leg().number());
    guest.introduce(introduced);
    guest.stand(next);
  }

  private void onDialled(Guest guest, @Nullable Leg pipe) {
    if (pipe == null) {
      drop(guests.get(guest.leg().number()), DropReason.BACKHAUL_UNREACHABLE);
    } else if (guests.get(guest.leg().number()) == null) {
      pipe.dismiss(EndReason.GONE);
    } else {
      around.meetings().join(guest, pipe);
    }
  }

  private void onDrain(LegNews.Drain step) {
    drain = step;
    if (step == LegNews.Drain.NOBODY) {
      guests.all().forEach(guest -> drop(guest, DropReason.RELAY_DRAINED));
    }
  }

  private void onTick() {
    guests.clearTombs(around.engine().now());
    around.meetings().missed().forEach(guest -> drop(guest, DropReason.BACKHAUL_UNMET));
    for (Remembrance.Word word : remembrance.due(around.engine().now())) {
      around.sessions().accept(word.uuid(), word.command());
    }
  }

  private void say(RelayLeg leg, Remembrance.Word word) {
    remembrance.onSaid(leg.number(), word, around.engine().now());
    around.sessions().accept(word.uuid(), word.command());
  }

  /** A node is gone, and with it the sessions of its shards, and maybe legs that ours have met. */
  private void onNodeRemoved(Address node, boolean isLost) {
    for (Guest guest : guests.all()) {
      if (!isLost || !guest.hasPartnerOn(node)) {
        remembrance.add(guest.leg().number(), guest.word());
      } else if (guest.standing() == Guest.Standing.PAIRED) {
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
    say(own, new Remembrance.Word(session.uuid(), ended));
  }

  private void onClosed(RelayLeg leg) {
    if (leg instanceof Leg pipe && pipe.isPipe()) {
      around.meetings().onClosed(pipe);
      return;
    }
    if (leg instanceof Leg onSocket) {
      around.door().release(onSocket); // a WebSocket's is released by its listener
    }
    Guest guest = guests.remove(leg.number());
    if (guest != null && guest.standing() != Guest.Standing.PAIRED) {
      remembrance.settle(leg.number());
      stopWaiting(guest);
      around.meetings().forget(guest);
      around.sessions().accept(guest.uuid(), new RelaySession.Left(guest.name()));
    }
  }

  private void drop(@Nullable Guest guest, DropReason reason) {
    if (guest != null && guest.standing() != Guest.Standing.PAIRED) {
      counters.dropped(reason);
      guest.leg().dismiss(EndReason.GONE);
    }
  }

  private void stopWaiting(Guest guest) {
    if (guest.standing() == Guest.Standing.WAITING) {
      waiting.release(guest.leg().address());
      guest.stand(Guest.Standing.ASKING);
    }
  }

  private LegName name(RelayLeg leg) {
    return new LegName(self, leg.number());
  }
}
