package dev.rallypoint.cluster;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.BehaviorInterceptor.PreStartTarget;
import org.apache.pekko.actor.typed.BehaviorInterceptor.ReceiveTarget;
import org.apache.pekko.actor.typed.BehaviorInterceptor.SignalTarget;
import org.apache.pekko.actor.typed.MessageAdaptionFailure;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A part that a node cannot work without: an actor, a stream or a thread. When it stops or fails
 * unasked, {@link CoordinatedShutdown} runs with the reason {@link PartFailed}, and the process
 * ends with exit code 1. A supervisor starts the node again; until then the other nodes of its
 * cluster do its work.
 *
 * <p>A part stops as asked when the node shuts down, and after its owner called {@link #mayStop}.
 * An actor that ends when its work is done is not a vital part. Safe for all threads.
 */
public final class VitalPart {
  private static final Logger LOG = LoggerFactory.getLogger(VitalPart.class);

  private final ActorSystem<?> system;
  private final String name;
  private volatile boolean mayStop;

  /**
   * Why a node ends that misses one of its parts.
   *
   * @param part the name of the part
   * @param cause the failure in one line
   */
  public record PartFailed(String part, String cause) implements CoordinatedShutdown.Reason {}

  /**
   * A part that runs from now on.
   *
   * @param name what the log and the last line of the process call it
   */
  public VitalPart(ActorSystem<?> system, String name) {
    this.system = system;
    this.name = name;
  }

  /** Spawns a system actor that is a vital part, under the name of the part. */
  public static <T> ActorRef<T> spawn(ActorSystem<?> system, Behavior<T> behavior, String name) {
    return new VitalPart(system, name).spawn(behavior, name, Props.empty());
  }

  /** Which part ended the node and by what, in one line; empty when none did. */
  public static Optional<String> failure(ActorSystem<?> system) {
    return CoordinatedShutdown.get(system)
        .getShutdownReason()
        .filter(PartFailed.class::isInstance)
        .map(PartFailed.class::cast)
        .map(failed -> "its part " + failed.part + " failed: " + failed.cause);
  }

  /** Spawns the part as a system actor of this name. */
  public <T> ActorRef<T> spawn(Behavior<T> behavior, String actorName, Props props) {
    return system.systemActorOf(
        Behaviors.intercept(() -> new Watched<T>(this), behavior), actorName, props);
  }

  /** Watches a stream: the part ends when the stage is complete, whether it failed or not. */
  public void watch(CompletionStage<?> stream) {
    stream.whenComplete((done, failure) -> {
      if (failure == null) {
        stopped();
      } else {
        failed(Failures.cause(failure));
      }
    });
  }

  /** The part as a daemon thread, which is not started; the part ends when its body returns. */
  public Thread thread(String threadName, Runnable body) {
    return Thread.ofPlatform()
        .daemon()
        .name(threadName)
        .unstarted(() -> {
          try {
            body.run();
            stopped();
          } catch (RuntimeException | Error e) {
            failed(e);
          }
        });
  }

  /** A step of an executor that would not repeat it after a failure: the part fails by it. */
  public Runnable guarded(Runnable step) {
    return () -> {
      try {
        step.run();
      } catch (RuntimeException | Error e) {
        failed(e);
        throw e;
      }
    };
  }

  /** The owner is about to stop the part, or has no more need of it. */
  public void mayStop() {
    mayStop = true;
  }

  /** The part stopped. */
  public void stopped() {
    end("it stopped", new IllegalStateException(name + " stopped"));
  }

  /** The part failed. */
  public void failed(Throwable cause) {
    end(cause.toString().lines().findFirst().orElse(""), cause);
  }

  private void end(String cause, Throwable failure) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    if (mayStop || shutdown.getShutdownReason().isPresent()) {
      LOG.debug("{} ended with the node", name, failure);
      return;
    }
    LOG.error("{} failed, and the node cannot work without it: the node ends", name, failure);
    shutdown.runAll(new PartFailed(name, cause));
  }

  /** Sees each failure of an actor, which then stops, and its end. */
  private static final class Watched<T> extends BehaviorInterceptor<T, T> {
    private final VitalPart part;

    @SuppressWarnings("unchecked") // a message of a wrong type is to be seen too
    Watched(VitalPart part) {
      super((Class<T>) Object.class);
      this.part = part;
    }

    @Override
    public Behavior<T> aroundStart(TypedActorContext<T> context, PreStartTarget<T> target) {
      try {
        return target.start(context);
      } catch (RuntimeException | Error e) {
        part.failed(e);
        return Behaviors.stopped();
      }
    }

    @Override
    public Behavior<T> aroundReceive(
        TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
      try {
        return target.apply(context, message);
      } catch (RuntimeException | Error e) {
        part.failed(e);
        return Behaviors.stopped();
      }
    }

    @Override
    public Behavior<T> aroundSignal(
        TypedActorContext<T> context, Signal signal, SignalTarget<T> target) {
      if (signal instanceof MessageAdaptionFailure failure) {
        part.failed(failure.exception());
      }
      try {
        return target.apply(context, signal);
      } catch (RuntimeException | Error e) {
        part.failed(e);
        return Behaviors.stopped();
      } finally {
        if (signal instanceof PostStop) {
          part.stopped();
        }
      }
    }
  }
}
