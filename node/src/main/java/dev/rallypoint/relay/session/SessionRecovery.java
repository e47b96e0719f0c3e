package dev.rallypoint.relay.session;

import dev.rallypoint.relay.session.RelaySession.Command;
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
 * What a session does first when its shard may have been elsewhere a moment ago: it asks all homes
 * whether legs of its uuid were introduced before, and holds everything else back until they have
 * answered. A home that does not answer in a second has no legs that would.
 */
final class SessionRecovery {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int HELD_BACK = 100;

  private final TimerScheduler<Command> timers;
  private final StashBuffer<Command> heldBack;
  private final Set<ActorRef<SessionReply>> silent;
  private final Function<Optional<Command>, Behavior<Command>> then;

  private SessionRecovery(
      TimerScheduler<Command> timers,
      StashBuffer<Command> heldBack,
      Set<ActorRef<SessionReply>> homes,
      Function<Optional<Command>, Behavior<Command>> then) {
    this.timers = timers;
    this.heldBack = heldBack;
    this.silent = new HashSet<>(homes);
    this.then = then;
  }

  /**
   * Asks.
   *
   * @param first what made the session ask
   * @param then goes on with what a home said the session is, or as a session that nobody knows
   */
  static Behavior<Command> of(
      String uuid,
      Command first,
      Set<ActorRef<SessionReply>> homes,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Function<Optional<Command>, Behavior<Command>> then) {
    return Behaviors.withStash(
        HELD_BACK,
        heldBack -> {
          heldBack.stash(first);
          timers.startSingleTimer(RelaySession.TimeOver.INQUIRY, PATIENCE);
          homes.forEach(home -> home.tell(new SessionReply.Asked(0, uuid, context.getSelf())));
          return new SessionRecovery(timers, heldBack, homes, then).behavior();
        });
  }

  private Behavior<Command> behavior() {
    return Behaviors.receiveMessage(message ->
        switch (message) {
          case RelaySession.Unknown(ActorRef<SessionReply> home) -> {
            silent.remove(home);
            yield silent.isEmpty() ? goOn(Optional.empty()) : Behaviors.same();
          }
          case RelaySession.TimeOver over -> goOn(Optional.empty());
          case RelaySession.Resumed resumed -> goOn(Optional.of(resumed));
          case RelaySession.Ended ended -> goOn(Optional.of(ended));
          case RelaySession.Stop stop -> Behaviors.stopped(); // what is held back is said again
          default -> {
            if (!heldBack.isFull()) {
              heldBack.stash(message);
            }
            yield Behaviors.same();
          }
        });
  }

  private Behavior<Command> goOn(Optional<Command> known) {
    timers.cancel(RelaySession.TimeOver.INQUIRY);
    return heldBack.unstashAll(then.apply(known));
  }
}
