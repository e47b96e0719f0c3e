package dev.rallypoint.app.lifecycle;

import dev.rallypoint.cluster.VitalPart;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a node and waits until it has stopped, but not for ever: each phase of the shutdown has its
 * own limit, and after all of them this class gives up, and logs what has not stopped. The process
 * ends then all the same. A connection to a node that takes it and stays silent, for example, may
 * keep Pekko's transport from stopping.
 */
public final class NodeShutdown implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeShutdown.class);

  /** The time for the last phase, which terminates the actor system. */
  private static final Duration LAST = Duration.ofSeconds(10);

  /** The time for all phases after a vital part failed: the process has to end within 5 s. */
  private static final Duration WITHOUT_A_PART = Duration.ofSeconds(4);

  /** The time for all phases of a node that did not start: it serves nobody. */
  private static final Duration NOT_STARTED = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final CompletableFuture<Done> stopped;
  private volatile boolean isInLastPhase;

  private NodeShutdown(ActorSystem<?> system, CompletableFuture<Done> stopped) {
    this.system = system;
    this.stopped = stopped;
  }

  /**
   * The shutdown of a node, also when the node stops by itself.
   *
   * @param stopped complete once all is closed; completed with a {@link TimeoutException} when that
   *     does not happen in time
   */
  public static NodeShutdown of(ActorSystem<?> system, CompletableFuture<Done> stopped) {
    NodeShutdown node = new NodeShutdown(system, stopped);
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind(),
        "limit-all-phases",
        () -> {
          boolean isBroken = VitalPart.failure(system).isPresent();
          Duration phases = Duration.ofMillis(shutdown.totalTimeout().toMillis());
          return node.limit(isBroken ? WITHOUT_A_PART : phases.plus(LAST));
        });
    shutdown.addTask(
        CoordinatedShutdown.PhaseActorSystemTerminate(),
        "limit-last-phase",
        () -> {
          node.isInLastPhase = true;
          return node.limit(LAST);
        });
    var unused =
        stopped.whenComplete((done, failure) -> {
          if (failure instanceof TimeoutException) {
            LOG.warn(
                "the node has not stopped in time ({}); the process ends all the same. Still there:"
                    + " {}",
                node.isInLastPhase
                    ? "its actor system did not terminate"
                    : "an earlier phase of its shutdown did not end",
                RemainingActors.of(system));
          }
        });
    return node;
  }

  private CompletableFuture<Done> limit(Duration limit) {
    stopped.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  /** Returns once the node has stopped, or is past its last limit. */
  public void await() {
    stopped.handle((done, failure) -> Done.getInstance()).join();
  }

  /** Ends a node whose start failed; returns after 10 seconds at the latest. */
  public void endFailedStart() {
    limit(NOT_STARTED);
    system.terminate();
    await();
  }

  /**
   * Ends the node and returns once it has stopped, or has let go of all that it served.
   *
   * @throws IllegalStateException when it did neither
   */
  @Override
  public void run() {
    system.terminate();
    try {
      stopped.join();
    } catch (CompletionException e) {
      boolean isLogged = e.getCause() instanceof TimeoutException && isInLastPhase;
      if (!isLogged && VitalPart.failure(system).isEmpty()) {
        throw new IllegalStateException("the node did not stop: " + e.getCause(), e);
      }
    }
  }
}
