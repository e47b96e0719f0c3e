package dev.rallypoint.cluster;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
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

  /** The reason of the shutdown: a part failed, with the cause in one line. */
  public record PartFailed(String part, String cause) implements CoordinatedShutdown.Reason {}

  /** A part that runs from now on, with its name in the log and in the process's last line. */
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
        Behaviors.intercept(() -> new Watched<T>(), behavior), actorName, props);
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
        .uncaughtExceptionHandler((thread, failure) -> failed(failure))
        .unstarted(() -> {
          body.run();
          stopped();
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
      LOG.debug("{} ended with the node: {}", name, cause);
      return;
    }
    LOG.error("{} failed, and the node cannot work without it: the node ends", name, failure);
    shutdown.runAll(new PartFailed(name, cause));
  }

  /** Sees each failure of the actor, which then stops, and its end. */
  private final class Watched<T> extends BehaviorInterceptor<T, T> {
    @SuppressWarnings("unchecked") // a message of a wrong type is to be seen too
    Watched() {
      super((Class<T>) Object.class);
    }

    @Override
    public Behavior<T> aroundStart(TypedActorContext<T> context, PreStartTarget<T> target) {
      return run(() -> target.start(context));
    }

    @Override
    public Behavior<T> aroundReceive(
        TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
      return run(() -> target.apply(context, message));
    }

    @Override
    public Behavior<T> aroundSignal(
        TypedActorContext<T> context, Signal signal, SignalTarget<T> target) {
      if (signal instanceof MessageAdaptionFailure failure) {
        failed(failure.exception());
      }
      Behavior<T> next = run(() -> target.apply(context, signal));
      if (signal instanceof PostStop) {
        stopped();
      }
      return next;
    }

    private Behavior<T> run(Supplier<Behavior<T>> step) {
      try {
        return step.get();
      } catch (RuntimeException | Error e) {
        failed(e);
        return Behaviors.stopped();
      }
    }
  }
}
