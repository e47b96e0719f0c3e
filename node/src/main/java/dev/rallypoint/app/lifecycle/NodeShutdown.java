package dev.rallypoint.app.lifecycle;

import dev.rallypoint.cluster.VitalPart;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Ends a node and waits until it has stopped, but not for ever: each phase of the shutdown has its
 * own limit, and after all of them this class gives up.
 *
 * @param stopped complete once all is closed
 */
public record NodeShutdown(ActorSystem<?> system, CompletableFuture<Done> stopped)
    implements Runnable {
  /** The time for the last phase, which terminates the actor system. */
  private static final Duration LAST = Duration.ofSeconds(10);

  /** The time for all phases after a vital part failed: the process has to end within 5 s. */
  private static final Duration WITHOUT_A_PART = Duration.ofSeconds(4);

  /** The shutdown of a node, also when the node stops by itself. */
  public static NodeShutdown of(ActorSystem<?> system, CompletableFuture<Done> stopped) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind(),
        "end-soon-without-a-part",
        () -> {
          if (VitalPart.failure(system).isPresent()) {
            stopped.orTimeout(WITHOUT_A_PART.toMillis(), TimeUnit.MILLISECONDS);
          }
          return CompletableFuture.completedStage(Done.getInstance());
        });
    shutdown.addTask(
        CoordinatedShutdown.PhaseActorSystemTerminate(),
        "wait-no-longer",
        () -> {
          // An actor that a JVM error broke may never stop.
          stopped.orTimeout(LAST.toSeconds(), TimeUnit.SECONDS);
          return CompletableFuture.completedStage(Done.getInstance());
        });
    return new NodeShutdown(system, stopped);
  }

  /** Returns once the node has stopped, or is past its last limit. */
  public void await() {
    stopped.handle((done, failure) -> Done.getInstance()).join();
  }

  @Override
  public void run() {
    Duration most =
        Duration.ofMillis(CoordinatedShutdown.get(system).totalTimeout().toMillis()).plus(LAST);
    system.terminate();
    try {
      stopped.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the node has not stopped in " + most.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      if (VitalPart.failure(system).isPresent()) {
        return; // not waited for; the reason is logged already
      }
      throw new IllegalStateException("the node did not stop: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the node stopped", e);
    }
  }
}
