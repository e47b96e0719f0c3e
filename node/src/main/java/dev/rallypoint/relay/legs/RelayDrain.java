package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.session.EndReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains a node's relay: its sessions may end by themselves within a window. For a short while legs
 * are still taken as ever, because their peers were sent here before the others knew that it
 * drains, and go to a relay only when they failed to connect directly. Then only legs are taken
 * whose partner is here, and once no leg waits for its partner the ports are closed: a client that
 * is refused goes to another node at once, one that is accepted and cut off believes its session
 * failed. After the window the sessions that are left are ended at a steady pace.
 *
 * @param window how long sessions may end by themselves
 * @param pace how many sessions a second are ended after that
 * @param closePorts takes no more connections; may be called again
 * @param isEachDraining whether every relay of the cluster drains: then no client that may still
 *     come is waited for
 * @param drained completed when no session is left
 */
public record RelayDrain(
    RelayEngine engine,
    ActorRef<LegCommand> nodeLegs,
    Duration window,
    int pace,
    Runnable closePorts,
    BooleanSupplier isEachDraining,
    CompletableFuture<Done> drained) {
  private static final Logger LOG = LoggerFactory.getLogger(RelayDrain.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration PROGRESS_LOG = Duration.ofSeconds(10);

  /** A client tries for 18 s to connect directly before it goes to the relay named to it. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** The grace is at most this share of the window. */
  private static final int GRACE_SHARE = 4;

  /** A message to the drain. */
  sealed interface Message {}

  private enum Timer implements Message {
    TICK,
    GRACE_OVER,
    WINDOW_OVER,
    PROGRESS
  }

  private record Counted(LegCommand.Legs legs) implements Message {}

  /** Begins at once; ends when the node has no leg and waits for no client any more. */
  public Behavior<Message> behavior() {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          Duration share = window.dividedBy(GRACE_SHARE);
          timers.startSingleTimer(Timer.GRACE_OVER, GRACE.compareTo(share) < 0 ? GRACE : share);
          timers.startSingleTimer(Timer.WINDOW_OVER, window);
          timers.startTimerWithFixedDelay(Timer.TICK, Duration.ZERO, TICK);
          timers.startTimerWithFixedDelay(Timer.PROGRESS, PROGRESS_LOG);
          LOG.info(
              "the relay drains: {} sessions may end within {} s",
              engine.sessionCount(),
              window.toSeconds());
          Run run = new Run(context.messageAdapter(LegCommand.Legs.class, Counted::new));
          return Behaviors.receiveMessage(run::on);
        }));
  }

  private final class Run {
    private final ActorRef<LegCommand.Legs> counts;
    private boolean isGraceOver;
    private boolean isWindowOver;
    private double due;

    Run(ActorRef<LegCommand.Legs> counts) {
      this.counts = counts;
    }

    Behavior<Message> on(Message message) {
      switch (message) {
        case Timer.TICK -> {
          if (isWindowOver) {
            due += pace * (TICK.toMillis() / 1000.0);
            engine.end((int) due, EndReason.DRAINED);
            due -= (int) due;
          }
          nodeLegs.tell(new LegCommand.Count(counts));
        }
        case Timer.GRACE_OVER -> {
          isGraceOver = true;
          nodeLegs.tell(LegCommand.Drain.PARTNERS_ONLY);
        }
        case Timer.WINDOW_OVER -> {
          isWindowOver = true;
          nodeLegs.tell(LegCommand.Drain.NO_LEGS);
        }
        case Timer.PROGRESS ->
            LOG.info("the relay drains: {} sessions left", engine.sessionCount());
        case Counted(LegCommand.Legs(int all, boolean needPorts)) -> {
          if (!needPorts) {
            closePorts.run();
          }
          if (all == 0 && (isGraceOver || isEachDraining.getAsBoolean())) {
            LOG.info("the relay is drained");
            drained.complete(Done.getInstance());
            return Behaviors.stopped();
          }
        }
      }
      return Behaviors.same();
    }
  }
}
