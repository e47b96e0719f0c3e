package dev.rallypoint.bootstrap;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.VitalPart;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;

/**
 * The actor that tells nodes which are not members yet who this node is. A node asks before it
 * joins, so that it can report what differs, and so that no node begins a second cluster beside one
 * that answers.
 */
final class IdentityResponder {
  private static final String NAME = "identity";

  private IdentityResponder() {}

  /** Asks for the identity of a node. */
  record GetIdentity(ActorRef<NodeIdentity> replyTo) implements ClusterMessage {}

  /** Starts the actor. */
  static void start(ActorSystem<?> system, ClusterIdentity identity) {
    VitalPart.spawn(system, behavior(identity), NAME);
  }

  /** Asks the node at an address; fails when it does not answer in time. */
  static CompletionStage<NodeIdentity> ask(ActorSystem<?> system, Address node, Duration timeout) {
    ActorSelection there =
        Adapter.toClassic(system)
            .actorSelection(RootActorPath.apply(node, "/").child("system").child(NAME));
    return Patterns.askWithReplyTo(
            there, replyTo -> new GetIdentity(Adapter.toTyped(replyTo)), timeout)
        .thenApply(NodeIdentity.class::cast);
  }

  private static Behavior<GetIdentity> behavior(ClusterIdentity identity) {
    return Behaviors.receive((context, question) -> {
      ActorSystem<?> system = context.getSystem();
      question
          .replyTo()
          .tell(
              new NodeIdentity(
                  NodeAddress.text(Cluster.get(system).selfMember().address()),
                  Members.isJoinable(system),
                  identity.cluster(),
                  identity.key(),
                  identity.access(),
                  identity.database()));
      return Behaviors.same();
    });
  }
}
