package dev.rallypoint.relay;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.proto.ConnType;
import java.time.Duration;
import java.util.function.Consumer;
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
 * beyond, so that nobody else ever joins. It holds no bytes.
 *
 * <pre>
 *   empty -> waiting -> paired -> ended -> gone
 *              `-> gone (the waiter left, or waited too long)
 * </pre>
 */
public final class RelaySession {
  /** The entity's type; its id is the uuid. */
  public static final EntityTypeKey<Command> KEY =
      EntityTypeKey.create(Command.class, "RelaySession");

  /** How long the uuid of an ended session stays taken. */
  static final Duration TOMBSTONE = Duration.ofMinutes(1);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Duration pairWait;
  private final Consumer<Command> again;

  /** What a node tells a session. */
  public sealed interface Command {}

  /**
   * A leg looks for its partner. The answer goes to its home.
   *
   * @param connType the wire's number of the controlling side's conn_type, else 0
   */
  public record Join(LegName leg, Side side, int connType) implements Command, ClusterMessage {}

  /** A leg that was not introduced, or not yet known to be, went away. */
  public record Left(LegName leg) implements Command, ClusterMessage {}

  /** A session that this leg was part of is over. */
  public record Ended(LegName leg, EndReason reason, long bytes)
      implements Command, ClusterMessage {}

  /** The shard moves or the node stops: leave at once. */
  public enum Stop implements Command {
    /** The one stop message. */
    NOW
  }

  private record WaitOver(LegName leg) implements Command {}

  private record HomeLost(ActorRef<Answer> home) implements Command {}

  private enum TombstoneOver implements Command {
    NOW
  }

  /** What a session tells the home of a leg. */
  public sealed interface Answer extends ClusterMessage {
    /** The number of the leg it is about. */
    long leg();
  }

  /** The leg is the first; it waits. */
  public record Waits(long leg) implements Answer {}

  /**
   * The leg has a partner. Each leg's home is told once, a home of both with either leg's number.
   *
   * @param a the controlling side's leg
   * @param b the controlled side's leg
   * @param connType the wire's number of what the session is for
   */
  public record Introduced(long leg, String uuid, LegName a, LegName b, int connType)
      implements Answer {}

  /**
   * The leg may not join.
   *
   * @param isLate the session has ended, rather than being complete or having this side
   */
  public record Refused(long leg, boolean isLate) implements Answer {}

  /** Nobody came for the leg in time. */
  public record Expired(long leg) implements Answer {}

  /**
   * A session without a leg.
   *
   * @param uuid what its legs name
   * @param pairWait how long the first leg waits for the second
   * @param shard where it says that it is done
   * @param again sends a message to this uuid's session once more, for one that came too late here
   */
  public static Behavior<Command> create(
      String uuid,
      Duration pairWait,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Command> again) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new RelaySession(context, timers, shard, pairWait, again).empty(uuid)));
  }

  private RelaySession(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Duration pairWait,
      Consumer<Command> again) {
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.pairWait = pairWait;
    this.again = again;
  }

  private Behavior<Command> empty(String uuid) {
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join -> wait(uuid, join);
          case Stop stop -> Behaviors.stopped();
          case Left left -> leave();
          case Ended ended -> leave();
          case WaitOver over -> Behaviors.same();
          case HomeLost lost -> Behaviors.same();
          case TombstoneOver over -> Behaviors.same();
        });
  }

  private Behavior<Command> wait(String uuid, Join first) {
    LegName leg = first.leg();
    watch(leg);
    timers.startSingleTimer(WaitOver.class, new WaitOver(leg), pairWait);
    leg.home().tell(new Waits(leg.number()));
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join when join.leg().equals(leg) -> Behaviors.same();
          case Join join when join.side() == first.side() -> refuse(join, false);
          case Join join -> introduce(uuid, first, join);
          case Left left -> left.leg().equals(leg) ? freePlace(leg) : Behaviors.same();
          case WaitOver over when over.leg().equals(leg) -> {
            leg.home().tell(new Expired(leg.number()));
            yield freePlace(leg);
          }
          case HomeLost lost -> freePlace(leg);
          case Stop stop -> {
            again.accept(first); // the shard moves: the leg waits on at its new place
            yield Behaviors.stopped();
          }
          case WaitOver over -> Behaviors.same();
          case Ended ended -> Behaviors.same();
          case TombstoneOver over -> Behaviors.same();
        });
  }

  private Behavior<Command> introduce(String uuid, Join first, Join second) {
    timers.cancel(WaitOver.class);
    Join a = first.side() == Side.A ? first : second;
    Join b = first.side() == Side.A ? second : first;
    tellIntroduced(uuid, a.leg(), a, b);
    if (!b.leg().home().equals(a.leg().home())) {
      watch(second.leg());
      tellIntroduced(uuid, b.leg(), a, b);
    }
    return paired(a.leg(), b.leg());
  }

  private Behavior<Command> paired(LegName a, LegName b) {
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join when isOneOf(join.leg(), a, b) -> Behaviors.same();
          case Join join -> refuse(join, false);
          case Left left -> isOneOf(left.leg(), a, b) ? end(a, b) : Behaviors.same();
          case Ended ended -> {
            if (!isOneOf(ended.leg(), a, b)) {
              yield Behaviors.same();
            }
            context.getLog().debug("{} after {} bytes", ended.reason(), ended.bytes());
            yield end(a, b);
          }
          case HomeLost lost -> end(a, b);
          case Stop stop -> Behaviors.stopped();
          case WaitOver over -> Behaviors.same();
          case TombstoneOver over -> Behaviors.same();
        });
  }

  private Behavior<Command> end(LegName a, LegName b) {
    context.unwatch(a.home());
    context.unwatch(b.home());
    timers.startSingleTimer(TombstoneOver.class, TombstoneOver.NOW, TOMBSTONE);
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Join join -> refuse(join, true);
          case TombstoneOver over -> leave();
          case Stop stop -> Behaviors.stopped();
          case Left left -> Behaviors.same();
          case Ended ended -> Behaviors.same();
          case WaitOver over -> Behaviors.same();
          case HomeLost lost -> Behaviors.same();
        });
  }

  /** The waiter's place is free: the uuid is as if never named. */
  private Behavior<Command> freePlace(LegName waiter) {
    timers.cancel(WaitOver.class);
    context.unwatch(waiter.home());
    return leave();
  }

  /**
   * Asks the shard for the stop message. The shard holds back what comes from now on for the uuid's
   * next session; what was on its way here already is sent there too.
   */
  private Behavior<Command> leave() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case Stop stop -> Behaviors.stopped();
          case Join join -> sendAgain(join);
          case Left left -> sendAgain(left);
          case Ended ended -> Behaviors.same();
          case WaitOver over -> Behaviors.same();
          case HomeLost lost -> Behaviors.same();
          case TombstoneOver over -> Behaviors.same();
        });
  }

  private Behavior<Command> sendAgain(Command message) {
    again.accept(message);
    return Behaviors.same();
  }

  private Behavior<Command> refuse(Join join, boolean isLate) {
    join.leg().home().tell(new Refused(join.leg().number(), isLate));
    return Behaviors.same();
  }

  private void watch(LegName leg) {
    context.watchWith(leg.home(), new HomeLost(leg.home()));
  }

  private static void tellIntroduced(String uuid, LegName to, Join a, Join b) {
    to.home().tell(new Introduced(to.number(), uuid, a.leg(), b.leg(), a.connType()));
  }

  private static boolean isOneOf(LegName leg, LegName a, LegName b) {
    return leg.equals(a) || leg.equals(b);
  }

  /** The kind of session that a wire number means; a newer one is an ordinary session. */
  static ConnType connType(int number) {
    ConnType known = ConnType.forNumber(number);
    return known == null ? ConnType.DEFAULT_CONN : known;
  }
}
