package dev.rallypoint.relay.session;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The first behavior of a session whose shard may have been on another node before: it asks all
 * nodes whether they know legs of its uuid that were paired, and stashes everything else until they
 * have answered. A node that does not answer within a second is taken to know none.
 */
final class SessionRecovery {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_STASHED = 100;

  private final TimerScheduler<SessionCommand> timers;
  private final StashBuffer<SessionCommand> stash;
  private final Set<ActorRef<SessionReply>> unanswered;
  private final Function<Optional<SessionCommand>, Behavior<SessionCommand>> then;

  private SessionRecovery(
      TimerScheduler<SessionCommand> timers,
      StashBuffer<SessionCommand> stash,
      Set<ActorRef<SessionReply>> nodes,
      Function<Optional<SessionCommand>, Behavior<SessionCommand>> then) {
    this.timers = timers;
    this.stash = stash;
    this.unanswered = new HashSet<>(nodes);
    this.then = then;
  }

  /**
   * Asks the nodes.
   *
   * @param first the message that the session was started for
   * @param then continues with what a node knows of the session, or with nothing when none does
   */
  static Behavior<SessionCommand> of(
      String uuid,
      SessionCommand first,
      Set<ActorRef<SessionReply>> nodes,
      ActorContext<SessionCommand> context,
      TimerScheduler<SessionCommand> timers,
      Function<Optional<SessionCommand>, Behavior<SessionCommand>> then) {
    return Behaviors.withStash(
        MAX_STASHED,
        stash -> {
          stash.stash(first);
          timers.startSingleTimer(SessionCommand.Timeout.RECOVERY, TIMEOUT);
          SessionReply query = new SessionReply.RecoveryQuery(0, uuid, context.getSelf());
          nodes.forEach(node -> node.tell(query));
          return new SessionRecovery(timers, stash, nodes, then).behavior();
        });
  }

  private Behavior<SessionCommand> behavior() {
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case SessionCommand.Unknown(ActorRef<SessionReply> node) -> {
            unanswered.remove(node);
            yield unanswered.isEmpty() ? finish(Optional.empty()) : Behaviors.same();
          }
          case SessionCommand.Timeout timeout -> finish(Optional.empty());
          case SessionCommand.Resumed resumed -> finish(Optional.of(resumed));
          case SessionCommand.Ended ended -> finish(Optional.of(ended));
          case SessionCommand.Stop stop -> Behaviors.stopped(); // what is stashed is sent again
          default -> {
            if (!stash.isFull()) {
              stash.stash(message);
            }
            yield Behaviors.same();
          }
        });
  }

  private Behavior<SessionCommand> finish(Optional<SessionCommand> known) {
    timers.cancel(SessionCommand.Timeout.RECOVERY);
    return stash.unstashAll(then.apply(known));
  }
}
