package dev.rallypoint.registration;

import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerCommand.Stop;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.japi.function.Function;

/** The entities of all ids, on whatever node they are. What is sent to them is counted. */
record RegistrationEntities(
    ClusterSharding sharding, Counters counters, AnswerTimeouts lateAnswers) {
  private static final Duration PATIENCE = AnswerTimeouts.IN_TIME;

  /** Takes part in the sharding; a node that serves no peers has none of the entities. */
  void host(RegistrationContext around) {
    sharding.init(
        Entity.of(
                PeerRegistration.KEY,
                entity ->
                    PeerRegistration.create(
                        new PeerId(entity.getEntityId()), entity.getShard(), around))
            .withRole(NodeRole.RENDEZVOUS.word())
            .withStopMessage(Stop.INSTANCE));
  }

  void tell(PeerId id, Hop kind, PeerCommand word) {
    counters.hop(kind);
    entity(id).tell(word);
  }

  /** Asks; fails when the entity does not answer in time, which is counted. */
  <T> CompletionStage<T> ask(PeerId id, Hop kind, Function<ActorRef<T>, PeerCommand> question) {
    return counted(ask(id, kind, question, PATIENCE));
  }

  /** The same with another patience, and not counted. */
  <T> CompletionStage<T> ask(
      PeerId id, Hop kind, Function<ActorRef<T>, PeerCommand> question, Duration patience) {
    counters.hop(kind);
    return entity(id).ask(question, patience);
  }

  /**
   * Asks, and waits for the answer when the client no longer does, which is not counted: it may
   * still give the client's home a lease.
   */
  <T> CompletionStage<T> askLong(PeerId id, Hop kind, Function<ActorRef<T>, PeerCommand> question) {
    return ask(id, kind, question, lateAnswers.begin())
        .whenComplete((answer, silence) -> lateAnswers.end());
  }

  /** The same answer for the client: fails when it does not come in time, which is counted. */
  <T> CompletionStage<T> inTime(CompletionStage<T> answer) {
    return counted(
        answer.toCompletableFuture().copy().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
  }

  <T> CompletionStage<T> counted(CompletionStage<T> answer) {
    return answer.whenComplete((value, failure) -> {
      if (failure != null) {
        counters.dropped(DropReason.DIRECTORY_TIMEOUT);
      }
    });
  }

  private EntityRef<PeerCommand> entity(PeerId id) {
    return sharding.entityRefFor(PeerRegistration.KEY, id.value());
  }
}
