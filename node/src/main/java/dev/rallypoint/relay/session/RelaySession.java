package dev.rallypoint.relay.session;

import dev.rallypoint.relay.session.SessionCommand.Ended;
import dev.rallypoint.relay.session.SessionCommand.Join;
import dev.rallypoint.relay.session.SessionCommand.Left;
import dev.rallypoint.relay.session.SessionCommand.NodeLost;
import dev.rallypoint.relay.session.SessionCommand.PartnerRefused;
import dev.rallypoint.relay.session.SessionCommand.Resumed;
import dev.rallypoint.relay.session.SessionCommand.Stop;
import dev.rallypoint.relay.session.SessionCommand.Timeout;
import dev.rallypoint.relay.session.SessionCommand.Unknown;
import dev.rallypoint.relay.session.SessionCommand.WaitTimeout;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * The sharded entity of one uuid. It makes the first leg of each side partners and takes no part in
 * moving their bytes; then it keeps the uuid taken until the session's end and a minute beyond, so
 * that nobody else ever joins. It may move or be lost while bytes are relayed: when it moves it
 * tells its next incarnation what it was, and when its node is lost the nodes of the legs do.
 *
 * <pre>
 *   empty -> waiting -> paired -> ended -> gone
 *     |         `-> gone (the waiting leg left, waited too long, or its partner was refused)
 *     |-> refused (remembers it for the partner) -> waiting or gone
 *     `-> paired or ended (told what an earlier incarnation was)
 * </pre>
 */
public final class RelaySession {
  /** The entity's type; its id is the uuid. */
  public static final EntityTypeKey<SessionCommand> KEY =
      EntityTypeKey.create(SessionCommand.class, "RelaySession");

  /** How long the uuid of an ended session stays taken. */
  public static final Duration TOMBSTONE = Duration.ofMinutes(1);

  private final ActorContext<SessionCommand> context;
  private final TimerScheduler<SessionCommand> timers;
  private final String uuid;
  private final SessionContext environment;

  /** A session without a leg. */
  public static Behavior<SessionCommand> create(String uuid, SessionContext environment) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new RelaySession(context, timers, uuid, environment).fresh()));
  }

  private RelaySession(
      ActorContext<SessionCommand> context,
      TimerScheduler<SessionCommand> timers,
      String uuid,
      SessionContext environment) {
    this.context = context;
    this.timers = timers;
    this.uuid = uuid;
    this.environment = environment;
  }

  /** Before its first message: it may be new, or the next incarnation of a session. */
  private Behavior<SessionCommand> fresh() {
    return Behaviors.receiveMessage(message -> {
      Set<ActorRef<SessionReply>> nodes = environment.nodesToAsk().get();
      return message instanceof Join join && !nodes.isEmpty()
          ? SessionRecovery.of(uuid, join, nodes, context, timers, this::recovered)
          : begin(message);
    });
  }

  private Behavior<SessionCommand> recovered(Optional<SessionCommand> known) {
    return known.map(this::begin).orElseGet(() -> Behaviors.receiveMessage(this::begin));
  }

  private Behavior<SessionCommand> begin(SessionCommand message) {
    return switch (message) {
      case Join join -> wait(join);
      case Resumed resumed -> resume(resumed);
      case Ended ended -> end(ended);
      case Stop stop -> Behaviors.stopped();
      case Left left -> passivate();
      case PartnerRefused(SessionSide side) -> remember(side);
      case WaitTimeout _, NodeLost _, Timeout _, Unknown _ -> Behaviors.same();
    };
  }

  /** A leg was refused before its partner came, which is told when it comes. */
  private Behavior<SessionCommand> remember(SessionSide refused) {
    if (!environment.nodesToAsk().get().isEmpty()) {
      return passivate(); // the uuid may be taken: only a leg that joins asks for that
    }
    timers.startSingleTimer(Timeout.REFUSAL, environment.pairWait());
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join when join.side() == refused -> {
            timers.cancel(Timeout.REFUSAL);
            yield wait(join); // with the right key this time
          }
          case Join join -> {
            timers.cancel(Timeout.REFUSAL);
            join.leg().nodeLegs().tell(new SessionReply.PartnerRefused(join.leg().number()));
            yield passivate();
          }
          case Resumed _, Ended _, Stop _ -> {
            timers.cancel(Timeout.REFUSAL);
            yield begin(message);
          }
          case Timeout.REFUSAL -> passivate();
          case PartnerRefused _, Left _, WaitTimeout _, NodeLost _, Timeout _, Unknown _ ->
              Behaviors.same();
        });
  }

  private Behavior<SessionCommand> wait(Join first) {
    LegRef leg = first.leg();
    watch(leg);
    timers.startSingleTimer(WaitTimeout.class, new WaitTimeout(leg), environment.pairWait());
    leg.nodeLegs().tell(new SessionReply.Waiting(leg.number()));
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join when join.leg().equals(leg) -> {
            leg.nodeLegs().tell(new SessionReply.Waiting(leg.number()));
            yield Behaviors.same();
          }
          case Join join when join.side() == first.side() -> refuse(join.leg(), false);
          case Join join -> pair(first, join);
          case Left left -> left.leg().equals(leg) ? forgetWaiting(leg) : Behaviors.same();
          case PartnerRefused(SessionSide side) when side != first.side() -> {
            leg.nodeLegs().tell(new SessionReply.PartnerRefused(leg.number()));
            yield forgetWaiting(leg);
          }
          case WaitTimeout over when over.leg().equals(leg) -> {
            leg.nodeLegs().tell(new SessionReply.Expired(leg.number()));
            yield forgetWaiting(leg);
          }
          case NodeLost lost -> forgetWaiting(leg);
          case Resumed resumed -> { // the uuid was taken all the time
            refuseWaiting(leg, resumed.a(), resumed.b(), false);
            yield resume(resumed);
          }
          case Ended ended -> {
            refuseWaiting(leg, ended.leg(), ended.leg(), true);
            yield end(ended);
          }
          case Stop stop -> handOff(first);
          case PartnerRefused _, WaitTimeout _, Timeout _, Unknown _ -> Behaviors.same();
        });
  }

  private void refuseWaiting(LegRef waiting, LegRef a, LegRef b, boolean isLate) {
    timers.cancel(WaitTimeout.class);
    context.unwatch(waiting.nodeLegs());
    if (!isOneOf(waiting, a, b)) {
      refuse(waiting, isLate);
    }
  }

  private Behavior<SessionCommand> pair(Join first, Join second) {
    timers.cancel(WaitTimeout.class);
    LegRef one = first.leg();
    LegRef other = second.leg();
    boolean isOnOneNode = one.nodeLegs().equals(other.nodeLegs());
    boolean isReachable = !isOnOneNode && !first.backhaul().isNone();
    Ticket ticket = isReachable ? environment.tickets().get() : Ticket.NONE;
    Pairing pairing = new Pairing(first, second, ticket);
    one.nodeLegs().tell(pairing.replyTo(one, uuid));
    if (!isOnOneNode) {
      watch(other);
      other.nodeLegs().tell(pairing.replyTo(other, uuid));
    }
    LegRef a = first.side() == SessionSide.A ? one : other;
    return paired(a, a == one ? other : one, Optional.of(pairing));
  }

  private Behavior<SessionCommand> resume(Resumed resumed) {
    acknowledge(resumed.leg());
    watch(resumed.a());
    watch(resumed.b());
    return paired(resumed.a(), resumed.b(), Optional.empty());
  }

  /** The pairing is empty when an earlier incarnation made the legs partners. */
  private Behavior<SessionCommand> paired(LegRef a, LegRef b, Optional<Pairing> pairing) {
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join when isOneOf(join.leg(), a, b) && pairing.isPresent() -> {
            join.leg().nodeLegs().tell(pairing.get().replyTo(join.leg(), uuid));
            yield Behaviors.same();
          }
          case Join join -> refuse(join.leg(), false);
          case Left left when isOneOf(left.leg(), a, b) ->
              endPair(a, b, new Ended(left.leg(), EndReason.GONE, 0));
          case Ended ended when isOneOf(ended.leg(), a, b) -> endPair(a, b, ended);
          case NodeLost(ActorRef<SessionReply> node) ->
              endPair(a, b, new Ended(a.nodeLegs().equals(node) ? a : b, EndReason.LOST, 0));
          case Stop stop -> handOff(new Resumed(a, a, b));
          case Ended ended -> acknowledge(ended.leg());
          case Resumed resumed -> acknowledge(resumed.leg());
          case PartnerRefused _, Left _, WaitTimeout _, Timeout _, Unknown _ -> Behaviors.same();
        });
  }

  private Behavior<SessionCommand> endPair(LegRef a, LegRef b, Ended ended) {
    context.unwatch(a.nodeLegs());
    context.unwatch(b.nodeLegs());
    LegRef other = ended.leg().equals(a) ? b : a;
    if (!other.nodeLegs().equals(ended.leg().nodeLegs())) {
      other.nodeLegs().tell(new SessionReply.PartnerGone(other.number()));
    }
    return end(ended);
  }

  private Behavior<SessionCommand> end(Ended last) {
    context.getLog().debug("{} is over: {}, {} bytes", uuid, last.reason(), last.bytes());
    acknowledge(last.leg());
    timers.startSingleTimer(Timeout.TOMBSTONE, TOMBSTONE);
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join -> refuse(join.leg(), true);
          case Timeout.TOMBSTONE -> passivate();
          case Timeout _ -> Behaviors.same();
          case Stop stop -> handOff(last);
          case Ended ended -> acknowledge(ended.leg());
          case Resumed resumed -> acknowledge(resumed.leg());
          case PartnerRefused _, Left _, WaitTimeout _, NodeLost _, Unknown _ -> Behaviors.same();
        });
  }

  /** The waiting leg is gone: the uuid is free again. */
  private Behavior<SessionCommand> forgetWaiting(LegRef waiting) {
    timers.cancel(WaitTimeout.class);
    context.unwatch(waiting.nodeLegs());
    return passivate();
  }

  /**
   * Asks the shard for the stop message. The shard holds back what comes from now on for the uuid's
   * next session; what was on its way here already is sent there too.
   */
  private Behavior<SessionCommand> passivate() {
    environment.shard().tell(new ClusterSharding.Passivate<>(context.getSelf()));
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Stop stop -> Behaviors.stopped();
          case Join _, Left _, Resumed _, Ended _ -> resend(message);
          case PartnerRefused _, WaitTimeout _, NodeLost _, Timeout _, Unknown _ ->
              Behaviors.same();
        });
  }

  /** The shard moves: its next incarnation receives what it must know there. */
  private Behavior<SessionCommand> handOff(SessionCommand known) {
    if (environment.canMove().getAsBoolean()) {
      environment.resend().accept(known);
    }
    return Behaviors.stopped();
  }

  private Behavior<SessionCommand> resend(SessionCommand message) {
    environment.resend().accept(message);
    return Behaviors.same();
  }

  private Behavior<SessionCommand> refuse(LegRef leg, boolean isLate) {
    leg.nodeLegs().tell(new SessionReply.Refused(leg.number(), isLate));
    return Behaviors.same();
  }

  private static Behavior<SessionCommand> acknowledge(LegRef leg) {
    leg.nodeLegs().tell(new SessionReply.Acknowledged(leg.number()));
    return Behaviors.same();
  }

  private void watch(LegRef leg) {
    context.watchWith(leg.nodeLegs(), new NodeLost(leg.nodeLegs()));
  }

  private static boolean isOneOf(LegRef leg, LegRef a, LegRef b) {
    return leg.equals(a) || leg.equals(b);
  }
}
