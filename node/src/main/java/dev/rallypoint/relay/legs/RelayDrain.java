package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.session.EndReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains a node's relay: its sessions may end by themselves, without a limit until a {@link Window}
 * sets one. For a short while legs are still taken as ever, because their peers were sent here
 * before the others knew that it drains, and go to a relay only when they failed to connect
 * directly. Then the ports are closed: a client that is refused goes to another node at once, one
 * that is accepted and cut off believes its session failed. The partner of a leg that waits here
 * meets it from another node. Where clients reach this node by a name of its own they cannot: there
 * legs are taken whose partner is here, and the ports are closed once no leg waits. After a window
 * the sessions that are left are ended at a steady pace.
 *
 * @param isNamed whether clients are sent to this very node by its name
 * @param grace how long all legs are still taken
 * @param closePorts takes no more connections; may be called again
 * @param isEachDraining whether every relay of the cluster drains: then no client that may still
 *     come is waited for
 * @param isDrained is set while no leg is left and no client is waited for
 */
public record RelayDrain(
    RelayEngine engine,
    ActorRef<LegCommand> nodeLegs,
    boolean isNamed,
    Duration grace,
    Runnable closePorts,
    BooleanSupplier isEachDraining,
    AtomicBoolean isDrained) {
  /** A client tries for 18 s to connect directly before it goes to the relay named to it. */
  public static final Duration GRACE = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(RelayDrain.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration PROGRESS_LOG = Duration.ofMinutes(1);

  /** Who was accepted before the ports were closed has so long to send its first frame. */
  private static final Duration FIRST_FRAMES = Duration.ofSeconds(1);

  /** The grace is at most this share of the window. */
  private static final int GRACE_SHARE = 4;

  /** A message to the drain. */
  public sealed interface Message {}

  /**
   * The sessions have so long from now.
   *
   * @param pace how many sessions a second are ended after it
   * @param drained completed when no leg is left; the drain is then over, and the ports are closed
   */
  public record Window(Duration length, int pace, CompletableFuture<Done> drained)
      implements Message {}

  /**
   * The drain is over, and all legs are taken as before.
   *
   * @param over completed when that is so and {@code closePorts} is called no more
   */
  public record Cancel(CompletableFuture<Done> over) implements Message {}

  private enum Timer implements Message {
    TICK,
    GRACE_OVER,
    PARTNERS_ONLY,
    WINDOW_OVER,
    PROGRESS
  }

  private record Counted(LegCommand.Legs legs) implements Message {}

  /** Begins at once. */
  public Behavior<Message> behavior() {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startSingleTimer(Timer.GRACE_OVER, grace);
          timers.startTimerWithFixedDelay(Timer.TICK, Duration.ZERO, TICK);
          timers.startTimerWithFixedDelay(Timer.PROGRESS, PROGRESS_LOG);
          Run run = new Run(timers, context.messageAdapter(LegCommand.Legs.class, Counted::new));
          return Behaviors.receiveMessage(run::on);
        }));
  }

  private final class Run {
    private final TimerScheduler<Message> timers;
    private final ActorRef<LegCommand.Legs> counts;
    private boolean isGraceOver;
    private boolean isWindowOver;
    private double due;
    private @Nullable Window window;

    Run(TimerScheduler<Message> timers, ActorRef<LegCommand.Legs> counts) {
      this.timers = timers;
      this.counts = counts;
    }

    Behavior<Message> on(Message message) {
      switch (message) {
        case Window given -> onWindow(given);
        case Cancel(CompletableFuture<Done> over) -> {
          nodeLegs.tell(LegCommand.Drain.OVER);
          isDrained.set(false);
          over.complete(Done.getInstance());
          return Behaviors.stopped();
        }
        case Timer.TICK -> {
          if (isWindowOver && window != null) {
            due += window.pace * (TICK.toMillis() / 1000.0);
            engine.end((int) due, EndReason.DRAINED);
            due -= (int) due;
          }
          nodeLegs.tell(new LegCommand.Count(counts));
        }
        case Timer.GRACE_OVER -> onGraceOver();
        case Timer.PARTNERS_ONLY -> {
          isGraceOver = true;
          nodeLegs.tell(LegCommand.Drain.PARTNERS_ONLY);
        }
        case Timer.WINDOW_OVER -> {
          isWindowOver = true;
          nodeLegs.tell(LegCommand.Drain.NO_LEGS);
        }
        case Timer.PROGRESS -> {
          if (!isDrained.get()) {
            LOG.info("the relay drains: {} sessions left", engine.sessionCount());
          }
        }
        case Counted(LegCommand.Legs legs) -> {
          return onCounted(legs);
        }
      }
      return Behaviors.same();
    }

    private void onGraceOver() {
      if (isNamed) {
        timers.startSingleTimer(Timer.PARTNERS_ONLY, Duration.ZERO);
      } else {
        closePorts.run();
        timers.startSingleTimer(Timer.PARTNERS_ONLY, FIRST_FRAMES);
      }
    }

    private void onWindow(Window given) {
      window = given;
      Duration share = given.length.dividedBy(GRACE_SHARE);
      if (!isGraceOver && share.compareTo(grace) < 0) {
        timers.startSingleTimer(Timer.GRACE_OVER, share);
      }
      timers.startSingleTimer(Timer.WINDOW_OVER, given.length);
      LOG.info(
          "the relay drains: {} sessions may end within {} s",
          engine.sessionCount(),
          given.length.toSeconds());
    }

    private Behavior<Message> onCounted(LegCommand.Legs legs) {
      if (!legs.needPorts()) {
        closePorts.run();
      }
      boolean isOver = legs.all() == 0 && (isGraceOver || isEachDraining.getAsBoolean());
      if (isDrained.getAndSet(isOver) != isOver && isOver) {
        LOG.info("the relay is drained");
      }
      if (isOver && window != null) {
        window.drained.complete(Done.getInstance());
        return Behaviors.stopped();
      }
      return Behaviors.same();
    }
  }
}
