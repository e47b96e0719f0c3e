package dev.rallypoint.cluster;

import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberDowned;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberJoined;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.ClusterEvent.ReachableMember;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.japi.function.Function;

/**
 * The other nodes of the cluster that have the same role: which ones there are, which were removed,
 * and questions to all of them. One actor follows the events of the cluster; all methods read what
 * it published last. Safe for all threads.
 */
public final class OtherNodes {
  private static final String NAME = "other-nodes";
  private static final int MAX_REMOVED = 1_000;

  private final ActorSystem<?> system;
  private final String role;
  private final Ticker clock;
  private final Member self;
  private final Map<Long, Node> nodes = new ConcurrentHashMap<>();
  private final Set<Long> removed = ConcurrentHashMap.newKeySet();
  private volatile Optional<Long> changedAt = Optional.empty();

  private OtherNodes(ActorSystem<?> system, String role, Ticker clock) {
    this.system = system;
    this.role = role;
    this.clock = clock;
    this.self = Cluster.get(system).selfMember();
  }

  /** One of the other nodes, with the address of its actor system. */
  private record Node(String system, boolean isReachable) {}

  /** The messages of the actor. */
  sealed interface Command {}

  private record MembershipChanged(ClusterDomainEvent event) implements Command {}

  /** A node leaves gracefully: its shards move first, and only then its membership changes. */
  record Leaving(long node) implements Command, ClusterMessage {}

  /**
   * The answers of the other nodes.
   *
   * @param isComplete whether every node answered
   */
  public record Answers<A>(List<A> values, boolean isComplete) {}

  /** Starts the actor, which lists the nodes with a role. */
  public static OtherNodes start(ActorSystem<?> system, String role, Ticker clock) {
    OtherNodes otherNodes = new OtherNodes(system, role, clock);
    VitalPart.spawn(system, otherNodes.behavior(), NAME);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeClusterShutdown(),
            "tell-other-nodes",
            otherNodes::announceLeaving);
    return otherNodes;
  }

  /** The uid of this run of this node; a node that is started again has another one. */
  public long self() {
    return uidOf(self);
  }

  /** Whether a node was removed from the cluster. False for a node that was never a member. */
  public boolean isRemoved(long node) {
    return removed.contains(node);
  }

  /** The number of other nodes. */
  public int count() {
    return nodes.size();
  }

  /** Whether a member joined, left or began to leave in the last milliseconds: shards may move. */
  public boolean hasChangedWithin(long millis) {
    return changedAt.filter(at -> clock.millis() - at <= millis).isPresent();
  }

  /**
   * Sends a message to the system actor of a name on a node, which may be this one. It is lost when
   * that node is not a member.
   */
  public <T> void tell(long node, String actor, T message) {
    if (node == self()) {
      this.<T>at(self.address().toString(), actor).tell(message);
    }
    Node other = nodes.get(node);
    if (other != null) {
      this.<T>at(other.system, actor).tell(message);
    }
  }

  /**
   * Asks the system actor of a name on every other node.
   *
   * @param isSufficient an answer after which unreachable nodes are not waited for
   * @return the answers until then, until all have answered, or until the timeout
   */
  public <Q, A> CompletionStage<Answers<A>> ask(
      String actor,
      Function<ActorRef<A>, Q> question,
      Duration timeout,
      Predicate<A> isSufficient) {
    List<NodeQuery.Question<A>> questions =
        nodes.values().stream()
            .map(node -> {
              CompletionStage<A> answer =
                  AskPattern.ask(
                      this.<Q>at(node.system, actor), question, timeout, system.scheduler());
              return new NodeQuery.Question<>(node.isReachable, answer.toCompletableFuture());
            })
            .toList();
    return new NodeQuery<>(questions, isSufficient).outcome();
  }

  private <T> ActorRef<T> at(String node, String actor) {
    return ActorRefResolver.get(system).resolveActorRef(node + "/system/" + actor);
  }

  private CompletionStage<Done> announceLeaving() {
    onChange();
    for (Node other : nodes.values()) {
      this.<Command>at(other.system, NAME).tell(new Leaving(self()));
    }
    return CompletableFuture.completedStage(Done.getInstance());
  }

  private Behavior<Command> behavior() {
    return Behaviors.setup(context -> {
      ActorRef<ClusterDomainEvent> events =
          context.messageAdapter(ClusterDomainEvent.class, MembershipChanged::new);
      Cluster.get(system).subscriptions().tell(Subscribe.create(events, ClusterDomainEvent.class));
      return Behaviors.receiveMessage(message -> {
        switch (message) {
          case MembershipChanged(MemberEvent change) -> onMember(change);
          case MembershipChanged(ReachabilityEvent change) ->
              nodes.computeIfPresent(
                  uidOf(change.member()),
                  (uid, node) -> new Node(node.system, change instanceof ReachableMember));
          case MembershipChanged(ClusterDomainEvent other) -> {}
          case Leaving(long node) -> {
            if (nodes.containsKey(node)) {
              onChange();
            }
          }
        }
        return Behaviors.same();
      });
    });
  }

  private void onMember(MemberEvent change) {
    Member member = change.member();
    if (member.equals(self) || !member.hasRole(role)) {
      return;
    }
    switch (change) {
      case MemberJoined joined -> {
        return; // its ports are not open yet
      }
      case MemberRemoved event -> onRemoved(uidOf(member));
      case MemberDowned event -> onRemoved(uidOf(member));
      default -> nodes.putIfAbsent(uidOf(member), new Node(member.address().toString(), true));
    }
    onChange();
  }

  private void onRemoved(long node) {
    if (removed.size() >= MAX_REMOVED) {
      removed.clear(); // they were removed long ago; no message names them any more
    }
    removed.add(node);
    nodes.remove(node);
  }

  private void onChange() {
    changedAt = Optional.of(clock.millis());
  }

  private static long uidOf(Member member) {
    return member.uniqueAddress().longUid();
  }
}
