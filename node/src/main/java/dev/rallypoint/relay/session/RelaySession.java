package dev.rallypoint.relay.session;

import dev.rallypoint.cluster.ClusterMessage;
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
 * One uuid of the relay, on whichever node its shard is. It introduces the first leg of each side
 * to the other and steps aside; then it keeps the uuid taken to the session's end and a minute
 * beyond, so that nobody else ever joins. It holds no bytes, so it may move or be lost while they
 * flow: when it moves it tells its next incarnation what it was, and when its node is lost the
 * legs' homes do.
 *
 * <pre>
 *   empty -> waiting -> paired -> ended -> gone
 *     |         `-> gone (the waiter left, or waited too long)
 *     `-> paired or ended (told what an earlier incarnation was)
 * </pre>
 */
public final class RelaySession {
  /** The entity's type; its id is the uuid. */
  public static final EntityTypeKey<Command> KEY =
      EntityTypeKey.create(Command.class, "RelaySession");

  /** How long the uuid of an ended session stays taken. */
  public static final Duration TOMBSTONE = Duration.ofMinutes(1);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final String uuid;
  private final SessionContext around;

  /** What a node tells a session. */
  public sealed interface Command {}

  /**
   * A leg looks for its partner; said again until it is answered. The answer goes to its home.
   *
   * @param connType the wire's number of the controlling side's conn_type, else 0
   * @param backhaul where its home takes bytes from other nodes
   */
  public record Join(LegRef leg, SessionSide side, int connType, BackhaulAddress backhaul)
      implements Command, ClusterMessage {}

  /** A leg that was not introduced, or not yet known to be, went away. */
  public record Left(LegRef leg) implements Command, ClusterMessage {}

  /**
   * Two legs were introduced before; the session may have forgotten. Said again until it is noted.
   *
   * @param leg the one of the two whose home says it
   */
  public record Resumed(LegRef leg, LegRef a, LegRef b) implements Command, ClusterMessage {}

  /** A session that this leg was part of is over. Said again until it is noted. */
  public record Ended(LegRef leg, EndReason reason, long bytes)
      implements Command, ClusterMessage {}

  /** A home that was asked knows no session of the uuid. */
  public record Unknown(ActorRef<SessionReply> home) implements Command, ClusterMessage {}

  /** The shard moves or the node stops: leave at once. */
  public enum Stop implements Command {
    /** The one stop message. */
    NOW
  }

  private record WaitOver(LegRef leg) implements Command {}

  private record HomeLost(ActorRef<SessionReply> home) implements Command {}

  /** Some time is over. */
  enum TimeOver implements Command {
    INQUIRY,
    TOMBSTONE
  }

  /** A session without a leg. */
  public static Behavior<Command> create(String uuid, SessionContext around) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> new RelaySession(context, timers, uuid, around).unsure()));
  }

  private RelaySession(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      String uuid,
      SessionContext around) {
    this.context = context;
    this.timers = timers;
    this.uuid = uuid;
    this.around = around;
  }

  /** Before its first word: it may be new, or the next incarnation of a session. */
  private Behavior<Command> unsure() {
    return Behaviors.receiveMessage(message -> {
      Set<ActorRef<SessionReply>> homes = around.witnesses().get();
      return message instanceof Join join && !homes.isEmpty()
          ? SessionRecovery.of(uuid, join, homes, context, timers, this::known)
          : begin(message);
    });
  }

  private Behavior<Command> known(Optional<Command> told) {
    return told.map(this::begin).orElseGet(() -> Behaviors.receiveMessage(this::begin));
  }

  private Behavior<Command> begin(Command message) {
    return switch (message) {
      case Join join -> wait(join);
      case Resumed resumed -> resume(resumed);
      case Ended ended -> end(ended);
      case Stop stop -> Behaviors.stopped();
      case Left left -> leave();
      case WaitOver _, HomeLost _, TimeOver _, Unknown _ -> Behaviors.same();
    };
  }

  private Behavior<Command> wait(Join first) {
    LegRef leg = first.leg();
    watch(leg);
    timers.startSingleTimer(WaitOver.class, new WaitOver(leg), around.pairWait());
    leg.home().tell(new SessionReply.Waits(leg.number()));
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join when join.leg().equals(leg) -> {
            leg.home().tell(new SessionReply.Waits(leg.number()));
            yield Behaviors.same();
          }
          case Join join when join.side() == first.side() -> refuse(join.leg(), false);
          case Join join -> introduce(first, join);
          case Left left -> left.leg().equals(leg) ? freePlace(leg) : Behaviors.same();
          case WaitOver over when over.leg().equals(leg) -> {
            leg.home().tell(new SessionReply.Expired(leg.number()));
            yield freePlace(leg);
          }
          case HomeLost lost -> freePlace(leg);
          case Resumed resumed -> { // the uuid was taken all the time
            turnAway(leg, resumed.a(), resumed.b(), false);
            yield resume(resumed);
          }
          case Ended ended -> {
            turnAway(leg, ended.leg(), ended.leg(), true);
            yield end(ended);
          }
          case Stop stop -> handOver(first);
          case WaitOver _, TimeOver _, Unknown _ -> Behaviors.same();
        });
  }

  private void turnAway(LegRef waiter, LegRef a, LegRef b, boolean isLate) {
    timers.cancel(WaitOver.class);
    context.unwatch(waiter.home());
    if (!isOneOf(waiter, a, b)) {
      refuse(waiter, isLate);
    }
  }

  private Behavior<Command> introduce(Join first, Join second) {
    timers.cancel(WaitOver.class);
    LegRef one = first.leg();
    LegRef other = second.leg();
    boolean isWithinOneHome = one.home().equals(other.home());
    boolean isReachable = !isWithinOneHome && !first.backhaul().isNone();
    Ticket ticket = isReachable ? around.tickets().get() : Ticket.NONE;
    Pairing pairing = new Pairing(first, second, ticket);
    one.home().tell(pairing.toldTo(one, uuid));
    if (!isWithinOneHome) {
      watch(other);
      other.home().tell(pairing.toldTo(other, uuid));
    }
    LegRef a = first.side() == SessionSide.A ? one : other;
    return paired(a, a == one ? other : one, Optional.of(pairing));
  }

  private Behavior<Command> resume(Resumed resumed) {
    note(resumed.leg());
    watch(resumed.a());
    watch(resumed.b());
    return paired(resumed.a(), resumed.b(), Optional.empty());
  }

  /**
   * @param pairing empty when it was told by an earlier incarnation
   */
  private Behavior<Command> paired(LegRef a, LegRef b, Optional<Pairing> pairing) {
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join when isOneOf(join.leg(), a, b) && pairing.isPresent() -> {
            join.leg().home().tell(pairing.get().toldTo(join.leg(), uuid));
            yield Behaviors.same();
          }
          case Join join -> refuse(join.leg(), false);
          case Left left when isOneOf(left.leg(), a, b) ->
              endPair(a, b, new Ended(left.leg(), EndReason.GONE, 0));
          case Ended ended when isOneOf(ended.leg(), a, b) -> endPair(a, b, ended);
          case HomeLost(ActorRef<SessionReply> home) ->
              endPair(a, b, new Ended(a.home().equals(home) ? a : b, EndReason.LOST, 0));
          case Stop stop -> handOver(new Resumed(a, a, b));
          case Left left -> Behaviors.same();
          case Ended ended -> note(ended.leg());
          case Resumed resumed -> note(resumed.leg());
          case WaitOver _, TimeOver _, Unknown _ -> Behaviors.same();
        });
  }

  private Behavior<Command> endPair(LegRef a, LegRef b, Ended ended) {
    context.unwatch(a.home());
    context.unwatch(b.home());
    LegRef other = ended.leg().equals(a) ? b : a;
    if (!other.home().equals(ended.leg().home())) {
      other.home().tell(new SessionReply.Over(other.number()));
    }
    return end(ended);
  }

  private Behavior<Command> end(Ended last) {
    context.getLog().debug("{} is over: {}, {} bytes", uuid, last.reason(), last.bytes());
    note(last.leg());
    timers.startSingleTimer(TimeOver.TOMBSTONE, TOMBSTONE);
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join -> refuse(join.leg(), true);
          case TimeOver.TOMBSTONE -> leave();
          case TimeOver.INQUIRY -> Behaviors.same();
          case Stop stop -> handOver(last);
          case Left left -> Behaviors.same();
          case Ended ended -> note(ended.leg());
          case Resumed resumed -> note(resumed.leg());
          case WaitOver _, HomeLost _, Unknown _ -> Behaviors.same();
        });
  }

  /** The waiter's place is free: the uuid is as if never named. */
  private Behavior<Command> freePlace(LegRef waiter) {
    timers.cancel(WaitOver.class);
    context.unwatch(waiter.home());
    return leave();
  }

  /**
   * Asks the shard for the stop message. The shard holds back what comes from now on for the uuid's
   * next session; what was on its way here already is sent there too.
   */
  private Behavior<Command> leave() {
    around.shard().tell(new ClusterSharding.Passivate<>(context.getSelf()));
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Stop stop -> Behaviors.stopped();
          case Join join -> sendAgain(join);
          case Left left -> sendAgain(left);
          case Resumed resumed -> sendAgain(resumed);
          case Ended ended -> sendAgain(ended);
          case WaitOver _, HomeLost _, TimeOver _, Unknown _ -> Behaviors.same();
        });
  }

  /** The shard goes elsewhere: what is said now awaits the next incarnation there. */
  private Behavior<Command> handOver(Command memory) {
    if (around.hasHeir().getAsBoolean()) {
      around.again().accept(memory);
    }
    return Behaviors.stopped();
  }

  private Behavior<Command> sendAgain(Command message) {
    around.again().accept(message);
    return Behaviors.same();
  }

  private Behavior<Command> refuse(LegRef leg, boolean isLate) {
    leg.home().tell(new SessionReply.Refused(leg.number(), isLate));
    return Behaviors.same();
  }

  private static Behavior<Command> note(LegRef leg) {
    leg.home().tell(new SessionReply.Noted(leg.number()));
    return Behaviors.same();
  }

  private void watch(LegRef leg) {
    context.watchWith(leg.home(), new HomeLost(leg.home()));
  }

  private static boolean isOneOf(LegRef leg, LegRef a, LegRef b) {
    return leg.equals(a) || leg.equals(b);
  }
}
