package dev.rallypoint.relay;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's actor for its legs: admits connections, speaks to the sessions for the legs whose
 * sockets are here, and tells the engine what the sessions decided. It holds each leg's standing,
 * no bytes.
 */
final class LegHome extends AbstractBehavior<LegHome.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(LegHome.class);

  private final SpliceEngine engine;
  private final RelayRules rules;
  private final RelayDoor door;
  private final Counters counters;
  private final BiConsumer<String, RelaySession.Command> sessions;
  private final ActorRef<RelaySession.Answer> self;
  private final ConnectionQuota waiting;
  private final Map<Long, Guest> guests = new HashMap<>();

  sealed interface Command {}

  /** The listener begins; demand is asked for by acknowledging. */
  record Listening(ActorRef<Ack> ack) implements Command {}

  record Accepted(ActorRef<Ack> ack, SocketChannel channel) implements Command {}

  /** The listener ended, by our stop or a fault. */
  record ListenerEnded(String why) implements Command {}

  record Admitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) implements Command {}

  record Closed(RelayLeg leg) implements Command {}

  record Ended(LiveSession session, EndReason reason) implements Command {}

  record Said(RelaySession.Answer answer) implements Command {}

  enum Stop implements Command {
    NOW
  }

  /** Asks the listener for one more connection. */
  enum Ack {
    MORE
  }

  private enum Standing {
    ASKING,
    WAITING,
    PAIRED
  }

  private static final class Guest {
    private final RelayLeg leg;
    private final String uuid;
    private Standing standing = Standing.ASKING;

    Guest(RelayLeg leg, String uuid) {
      this.leg = leg;
      this.uuid = uuid;
    }
  }

  /**
   * @param door admits connections
   * @param sessions tells the session of a uuid something
   */
  static Behavior<Command> create(
      SpliceEngine engine,
      RelayRules rules,
      RelayDoor door,
      RelaySettings settings,
      Counters counters,
      BiConsumer<String, RelaySession.Command> sessions) {
    return Behaviors.setup(
        context -> new LegHome(context, engine, rules, door, settings, counters, sessions));
  }

  private LegHome(
      ActorContext<Command> context,
      SpliceEngine engine,
      RelayRules rules,
      RelayDoor door,
      RelaySettings settings,
      Counters counters,
      BiConsumer<String, RelaySession.Command> sessions) {
    super(context);
    this.engine = engine;
    this.rules = rules;
    this.door = door;
    this.counters = counters;
    this.sessions = sessions;
    this.self = context.messageAdapter(RelaySession.Answer.class, Said::new);
    this.waiting =
        new ConnectionQuota(
            settings.waitingPerAddress(), Integer.MAX_VALUE, settings.connections().exempt());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onMessage)
        .onSignal(
            PostStop.class,
            signal -> {
              engine.stop();
              return this;
            })
        .build();
  }

  private Behavior<Command> onMessage(Command message) {
    switch (message) {
      case Listening listening -> listening.ack().tell(Ack.MORE);
      case Accepted accepted -> {
        onAccepted(accepted.channel());
        accepted.ack().tell(Ack.MORE);
      }
      case ListenerEnded ended -> LOG.debug("relay listener: {}", ended.why());
      case Admitted admitted -> onAdmitted(admitted.leg(), admitted.request());
      case Closed closed -> onClosed(closed.leg());
      case Ended ended -> onEnded(ended.session(), ended.reason());
      case Said said -> onSaid(said.answer());
      case Stop stop -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void onAccepted(SocketChannel channel) {
    PeerAddress address;
    try {
      address = PeerAddress.of((InetSocketAddress) channel.getRemoteAddress());
    } catch (IOException e) {
      LOG.debug("a connection was gone at once", e);
      close(channel);
      return;
    }
    if (door.admit(address)) {
      engine.open(channel, address);
    } else {
      close(channel);
    }
  }

  private void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {
    guests.put(leg.number(), new Guest(leg, request.uuid()));
    sessions.accept(
        request.uuid(),
        new RelaySession.Join(name(leg), request.side(), request.connType().getNumber()));
  }

  private void onSaid(RelaySession.Answer answer) {
    Guest guest = guests.get(answer.leg());
    switch (answer) {
      case RelaySession.Waits waits -> onWaits(guest);
      case RelaySession.Introduced introduced -> onIntroduced(introduced);
      case RelaySession.Refused refused ->
          drop(guest, refused.isLate() ? DropReason.RELAY_LATE : DropReason.RELAY_TAKEN);
      case RelaySession.Expired expired -> drop(guest, DropReason.RELAY_UNPAIRED);
    }
  }

  private void onWaits(@Nullable Guest guest) {
    if (guest == null || guest.standing != Standing.ASKING) {
      return; // it went away, which its session hears, or waits on with a session that moved
    }
    if (waiting.admit(guest.leg.address()) == ConnectionQuota.Verdict.ADMITTED) {
      guest.standing = Standing.WAITING;
    } else {
      drop(guest, DropReason.RELAY_WAITING_LIMIT);
    }
  }

  private void onIntroduced(RelaySession.Introduced introduced) {
    Guest a = local(introduced.a());
    Guest b = local(introduced.b());
    if (a == null || b == null) {
      // One of the two has gone meanwhile, or is on another node.
      drop(a, DropReason.RELAY_UNPAIRED);
      drop(b, DropReason.RELAY_UNPAIRED);
      return;
    }
    stopWaiting(a);
    stopWaiting(b);
    a.standing = Standing.PAIRED;
    b.standing = Standing.PAIRED;
    boolean isLimited =
        rules.blacklist().contains(a.leg.address()) || rules.blacklist().contains(b.leg.address());
    engine.join(
        introduced.uuid(), a.leg, b.leg, RelaySession.connType(introduced.connType()), isLimited);
  }

  private void onEnded(LiveSession session, EndReason reason) {
    switch (reason) {
      case IDLE -> counters.dropped(DropReason.RELAY_IDLE);
      case STALLED -> counters.dropped(DropReason.RELAY_STALLED);
      case FINISHED, RESET, GONE, STOPPED -> {}
    }
    sessions.accept(
        session.uuid(), new RelaySession.Ended(name(session.a()), reason, session.bytes()));
  }

  private void onClosed(RelayLeg leg) {
    if (leg instanceof Leg onSocket) {
      door.release(onSocket); // a WebSocket's is released by its listener
    }
    Guest guest = guests.remove(leg.number());
    if (guest != null && guest.standing != Standing.PAIRED) {
      stopWaiting(guest);
      sessions.accept(guest.uuid, new RelaySession.Left(name(leg)));
    }
  }

  private void drop(@Nullable Guest guest, DropReason reason) {
    if (guest != null && guest.standing != Standing.PAIRED) {
      counters.dropped(reason);
      guest.leg.dismiss();
    }
  }

  private void stopWaiting(Guest guest) {
    if (guest.standing == Standing.WAITING) {
      waiting.release(guest.leg.address());
      guest.standing = Standing.ASKING;
    }
  }

  private @Nullable Guest local(LegName name) {
    return name.home().equals(self) ? guests.get(name.number()) : null;
  }

  private LegName name(RelayLeg leg) {
    return new LegName(self, leg.number());
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
  }
}
