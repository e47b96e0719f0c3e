package dev.rallypoint.registration;

import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Lets an entity wait for the database or for other nodes: it stashes all messages until the answer
 * has come. The stash is made for the wait and goes with it, so an entity at rest has none.
 */
final class StashingAwait {
  /** Messages that may be stashed; further ones are dropped. */
  static final int MAX_STASHED = 100;

  private final ActorContext<PeerCommand> actor;
  private final Entity entity;
  private final boolean hasAnswered;

  /** An entity that can wait. */
  abstract static class Entity extends EntityPassivation.Member {
    final ActorContext<PeerCommand> actor;
    private boolean isResuming;

    Entity(ActorContext<PeerCommand> actor) {
      this.actor = actor;
    }

    /** Handles a message; {@code same} where it does not wait afterwards. */
    abstract Behavior<PeerCommand> onCommand(PeerCommand command);

    /** Called when all messages so far are handled and none is waited for. */
    abstract void rest();

    /** Ends the entity. */
    abstract Behavior<PeerCommand> stop();

    StashingAwait await() {
      return new StashingAwait(actor, this, true);
    }

    @Override
    ActorRef<PeerCommand> self() {
      return actor.getSelf();
    }

    @Override
    public Behavior<PeerCommand> receive(TypedActorContext<PeerCommand> same, PeerCommand next) {
      Behavior<PeerCommand> then = onCommand(next);
      if (then == Behaviors.<PeerCommand>same() && !isResuming) {
        rest();
      }
      return then;
    }

    @Override
    public Behavior<PeerCommand> receiveSignal(TypedActorContext<PeerCommand> same, Signal next) {
      return Behaviors.unhandled();
    }

    /** Goes on with the messages that were stashed. */
    private Behavior<PeerCommand> resume(
        StashBuffer<PeerCommand> stash, Behavior<PeerCommand> next) {
      isResuming = true;
      Behavior<PeerCommand> resumed =
          stash.unstashAll(next == Behaviors.<PeerCommand>same() ? this : next);
      isResuming = false;
      if (resumed == this) {
        rest();
      }
      return resumed;
    }
  }

  /**
   * @param hasAnswered whether the entity has answered anybody yet. If not, it stops as soon as its
   *     shard has it stop.
   */
  StashingAwait(ActorContext<PeerCommand> actor, Entity entity, boolean hasAnswered) {
    this.actor = actor;
    this.entity = entity;
    this.hasAnswered = hasAnswered;
  }

  /**
   * The behavior until an answer has come. The step that takes it returns another such behavior, or
   * {@code same} to go on as before.
   */
  <T> Behavior<PeerCommand> answer(
      CompletionStage<T> answer, BiFunction<T, @Nullable Throwable, Behavior<PeerCommand>> step) {
    actor.pipeToSelf(
        answer, (value, failure) -> new PeerCommand.Answered(() -> step.apply(value, failure)));
    return Behaviors.withStash(
        MAX_STASHED + 1, // the last place is for Stop
        stash -> Behaviors.receiveMessage(command -> onCommand(stash, command)));
  }

  private Behavior<PeerCommand> onCommand(StashBuffer<PeerCommand> stash, PeerCommand command) {
    if (command instanceof PeerCommand.Answered(Supplier<Behavior<PeerCommand>> step)) {
      return entity.resume(stash, step.get());
    }
    boolean isStop = command instanceof PeerCommand.Stop;
    if (isStop && !hasAnswered) {
      return entity.stop();
    }
    if (stash.size() < MAX_STASHED || isStop && !stash.isFull()) {
      stash.stash(command); // else dropped: a client repeats its message, the shard does not
    }
    return Behaviors.same();
  }
}
