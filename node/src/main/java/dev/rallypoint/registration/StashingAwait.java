package dev.rallypoint.registration;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Lets an entity wait for the database or for other nodes: it stashes all messages until the answer
 * has come, and the step after that waits for no further answer.
 */
final class StashingAwait {
  /** Messages that may be stashed; further ones are dropped. */
  static final int MAX_STASHED = 100;

  private final ActorContext<PeerCommand> actor;
  private final StashBuffer<PeerCommand> stash;
  private final Supplier<Behavior<PeerCommand>> stop;
  private final Runnable afterStep;
  private @Nullable Behavior<PeerCommand> loaded;
  private boolean isAwaiting;

  /**
   * @param stash has one place more than {@link #MAX_STASHED}, for the shard's stop message
   * @param stop ends an entity that has not been loaded yet
   * @param afterStep is run after each step that an answer was awaited for
   */
  StashingAwait(
      ActorContext<PeerCommand> actor,
      StashBuffer<PeerCommand> stash,
      Supplier<Behavior<PeerCommand>> stop,
      Runnable afterStep) {
    this.actor = actor;
    this.stash = stash;
    this.stop = stop;
    this.afterStep = afterStep;
  }

  /** The behavior from now on, while no answer is awaited. */
  void onLoaded(Behavior<PeerCommand> behavior) {
    loaded = behavior;
  }

  /**
   * The behavior until an answer has come. The step that takes it returns another such behavior, or
   * {@code same} to go on with the messages that were stashed.
   */
  <T> Behavior<PeerCommand> answer(
      CompletionStage<T> answer, BiFunction<T, @Nullable Throwable, Behavior<PeerCommand>> step) {
    isAwaiting = true;
    actor.pipeToSelf(
        answer, (value, failure) -> new PeerCommand.Answered(() -> step.apply(value, failure)));
    return Behaviors.receiveMessage(this::onCommand);
  }

  private Behavior<PeerCommand> onCommand(PeerCommand command) {
    if (command instanceof PeerCommand.Answered(Supplier<Behavior<PeerCommand>> step)) {
      isAwaiting = false;
      Behavior<PeerCommand> next = step.get();
      afterStep.run();
      return isAwaiting ? next : stash.unstashAll(Objects.requireNonNull(loaded));
    }
    boolean isStop = command instanceof PeerCommand.Stop;
    if (isStop && loaded == null) {
      return stop.get(); // it has answered nobody yet
    }
    if (stash.size() < MAX_STASHED || isStop && !stash.isFull()) {
      stash.stash(command); // else dropped: a client repeats its message, the shard does not
    }
    return Behaviors.same();
  }
}
