package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.splice.SpliceEngine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a node's relayed sessions run out. For a short while legs are still taken as ever: their
 * peers were told of this node before the others knew that it drains, and go to a relay only when
 * they failed to connect directly. Then only legs are taken whose partner is here, and once no leg
 * waits for its partner the doors are closed: a client that is refused goes to another node at
 * once, one that is taken in and cut off believes its session failed. When the window is over, what
 * is left is ended at a steady pace.
 */
public final class RelayDrain {
  private static final Logger LOG = LoggerFactory.getLogger(RelayDrain.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration PROGRESS = Duration.ofSeconds(10);

  /** A client tries for 18 s to connect directly before it goes to the relay it was told. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** The grace is at most this share of the window. */
  private static final int SHARE = 4;

  private final ActorContext<News> context;
  private final SpliceEngine engine;
  private final ActorRef<LegCommand> home;
  private final int pace;
  private final Runnable closeDoors;
  private final BooleanSupplier isEachDraining;
  private final CompletableFuture<Done> drained;
  private boolean isGraceOver;
  private boolean isWindowOver;
  private double owed;

  /** What the drain hears. */
  sealed interface News {}

  private enum Moment implements News {
    TICK,
    GRACE_OVER,
    WINDOW_OVER,
    PROGRESS
  }

  private record Heard(LegCommand.Legs legs) implements News {}

  /**
   * Begins at once; ends when the node has no leg any more and strangers are not taken any more.
   *
   * @param closeDoors takes no more connections; may be called again
   * @param isEachDraining whether no node is left for clients: then nobody is waited for that may
   *     still come
   */
  public static Behavior<News> create(
      SpliceEngine engine,
      ActorRef<LegCommand> home,
      Duration window,
      int pace,
      Runnable closeDoors,
      BooleanSupplier isEachDraining,
      CompletableFuture<Done> drained) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          Duration share = window.dividedBy(SHARE);
          timers.startSingleTimer(Moment.GRACE_OVER, GRACE.compareTo(share) < 0 ? GRACE : share);
          timers.startSingleTimer(Moment.WINDOW_OVER, window);
          timers.startTimerWithFixedDelay(Moment.TICK, Duration.ZERO, TICK);
          timers.startTimerWithFixedDelay(Moment.PROGRESS, PROGRESS);
          LOG.info(
              "the relay drains: {} sessions may end within {} s",
              engine.sessionCount(),
              window.toSeconds());
          return new RelayDrain(context, engine, home, pace, closeDoors, isEachDraining, drained)
              .behavior();
        }));
  }

  private RelayDrain(
      ActorContext<News> context,
      SpliceEngine engine,
      ActorRef<LegCommand> home,
      int pace,
      Runnable closeDoors,
      BooleanSupplier isEachDraining,
      CompletableFuture<Done> drained) {
    this.context = context;
    this.engine = engine;
    this.home = home;
    this.pace = pace;
    this.closeDoors = closeDoors;
    this.isEachDraining = isEachDraining;
    this.drained = drained;
  }

  private Behavior<News> behavior() {
    ActorRef<LegCommand.Legs> counts = context.messageAdapter(LegCommand.Legs.class, Heard::new);
    return Behaviors.receiveMessage(news ->
        switch (news) {
          case Moment moment -> {
            on(moment, counts);
            yield Behaviors.same();
          }
          case Heard(LegCommand.Legs(int all, boolean needDoors)) -> {
            if (!needDoors) {
              closeDoors.run();
            }
            boolean isAwaited = !isGraceOver && !isEachDraining.getAsBoolean();
            yield all == 0 && !isAwaited ? end() : Behaviors.same();
          }
        });
  }

  private void on(Moment moment, ActorRef<LegCommand.Legs> counts) {
    switch (moment) {
      case TICK -> {
        if (isWindowOver) {
          owed += pace * (TICK.toMillis() / 1000.0);
          engine.end((int) owed, EndReason.DRAINED);
          owed -= (int) owed;
        }
        home.tell(new LegCommand.Count(counts));
      }
      case GRACE_OVER -> {
        isGraceOver = true;
        home.tell(LegCommand.Drain.PARTNERS_ONLY);
      }
      case WINDOW_OVER -> {
        isWindowOver = true;
        home.tell(LegCommand.Drain.NOBODY);
      }
      case PROGRESS -> LOG.info("the relay drains: {} sessions left", engine.sessionCount());
    }
  }

  private Behavior<News> end() {
    LOG.info("the relay is drained");
    drained.complete(Done.getInstance());
    return Behaviors.stopped();
  }
}
