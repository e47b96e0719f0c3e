package dev.rallypoint.bootstrap;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.MessageFormat;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.store.SharedDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;

/**
 * The actor that tells nodes which are not members yet who this node is. A node asks before it
 * joins, so that it can report what differs, and so that no node begins a second cluster beside one
 * that answers.
 */
final class IdentityResponder {
  private static final String NAME = "identity";

  /** How long the database may take; the asker waits for two seconds. */
  private static final Duration LOOK = Duration.ofMillis(1_500);

  private IdentityResponder() {}

  /** Asks for the identity of a node; a node of an earlier version sends no token. */
  record GetIdentity(@Nullable String token, ActorRef<NodeIdentity> replyTo)
      implements ClusterMessage {}

  /** Starts the actor. */
  static void start(ActorSystem<?> system, ClusterIdentity identity, SharedDatabase database) {
    VitalPart.spawn(system, behavior(identity, database), NAME);
  }

  /** Asks the node at an address; fails when it does not answer in time. */
  static CompletionStage<NodeIdentity> ask(
      ActorSystem<?> system, Address node, JoinToken token, Duration timeout) {
    ActorSelection there =
        Adapter.toClassic(system)
            .actorSelection(RootActorPath.apply(node, "/").child("system").child(NAME));
    return Patterns.askWithReplyTo(
            there, replyTo -> new GetIdentity(token.value(), Adapter.toTyped(replyTo)), timeout)
        .thenApply(NodeIdentity.class::cast);
  }

  private static Behavior<GetIdentity> behavior(ClusterIdentity identity, SharedDatabase database) {
    return Behaviors.setup(context -> {
      ActorSystem<?> system = context.getSystem();
      Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
      return Behaviors.receiveMessage(question -> {
        if (question.token() == null) {
          question.replyTo().tell(answer(system, identity, null));
        } else {
          JoinToken token = new JoinToken(question.token());
          CompletableFuture.supplyAsync(() -> token.lookIn(database), blocking)
              .completeOnTimeout(DatabaseMatch.UNKNOWN, LOOK.toMillis(), TimeUnit.MILLISECONDS)
              .thenAccept(match -> question.replyTo().tell(answer(system, identity, match)));
        }
        return Behaviors.same();
      });
    });
  }

  private static NodeIdentity answer(
      ActorSystem<?> system, ClusterIdentity identity, @Nullable DatabaseMatch match) {
    return new NodeIdentity(
        NodeAddress.text(Cluster.get(system).selfMember().address()),
        Members.isJoinable(system),
        identity.cluster(),
        identity.key(),
        identity.access(),
        identity.database(),
        match,
        MessageFormat.CURRENT);
  }
}
