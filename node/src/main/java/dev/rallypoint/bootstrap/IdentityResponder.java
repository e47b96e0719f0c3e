package dev.rallypoint.bootstrap;

import dev.rallypoint.cluster.ClusterMessage;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;

/**
 * Tells nodes that are not members yet who this one is. A node asks before it joins: so it can say
 * what is wrong, and nobody begins a cluster beside one that answers.
 */
final class IdentityResponder {
  private static final String NAME = "greeter";

  private IdentityResponder() {}

  /**
   * Who are you?
   *
   * @param replyTo who asks
   */
  record Greet(ActorRef<Greeted> replyTo) implements ClusterMessage {}

  /**
   * This is who I am.
   *
   * @param address where the answering node says that it is
   * @param member whether others can join its cluster through it
   * @param cluster its cluster's name
   * @param key its public key
   * @param access a fingerprint of what it asks clients for
   * @param database which database it shares with others
   */
  record Greeted(
      String address, boolean member, String cluster, String key, String access, String database)
      implements ClusterMessage {
    ClusterIdentity agreement() {
      return new ClusterIdentity(cluster, key, access, database);
    }
  }

  /** Answers from now on. */
  static void start(ActorSystem<?> system, ClusterIdentity agreement) {
    system.systemActorOf(behavior(agreement), NAME, Props.empty());
  }

  /** Asks the node at an address; fails when it does not answer in time. */
  static CompletionStage<Greeted> greet(ActorSystem<?> system, Address node, Duration within) {
    ActorSelection there =
        Adapter.toClassic(system)
            .actorSelection(RootActorPath.apply(node, "/").child("system").child(NAME));
    return Patterns.askWithReplyTo(there, replyTo -> new Greet(Adapter.toTyped(replyTo)), within)
        .thenApply(Greeted.class::cast);
  }

  private static Behavior<Greet> behavior(ClusterIdentity agreement) {
    return Behaviors.receive((context, greet) -> {
      Member self = Cluster.get(context.getSystem()).selfMember();
      boolean isOpen =
          self.status() == MemberStatus.up() || self.status() == MemberStatus.weaklyUp();
      greet
          .replyTo()
          .tell(
              new Greeted(
                  NodeAddress.text(self.address()),
                  isOpen,
                  agreement.cluster(),
                  agreement.key(),
                  agreement.access(),
                  agreement.database()));
      return Behaviors.same();
    });
  }
}
