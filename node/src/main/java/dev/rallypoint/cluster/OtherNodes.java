package dev.rallypoint.cluster;

import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
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
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberDowned;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberJoined;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.ClusterEvent.ReachableMember;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.japi.function.Function;

/**
 * The other nodes of the cluster that have the same role: which ones there are, which were removed,
 * and questions to all of them. One actor subscribes to the events of the cluster; all methods read
 * what it published last. Safe for all threads.
 */
public final class OtherNodes {
  private static final String NAME = "other-nodes";
  private static final int MAX_REMOVED = 1_000;

  private final ActorSystem<?> system;
  private final String role;
  private final Ticker clock;
  private final long self;
  private final String address;
  private final Set<Long> removed = ConcurrentHashMap.newKeySet();
  private volatile List<Node> others = List.of();
  private volatile Optional<Long> changedAt = Optional.empty();

  private OtherNodes(ActorSystem<?> system, String role, Ticker clock) {
    this.system = system;
    this.role = role;
    this.clock = clock;
    UniqueAddress own = Cluster.get(system).selfMember().uniqueAddress();
    this.self = own.longUid();
    this.address = own.address().toString();
  }

  /**
   * One of the other nodes.
   *
   * @param uid identifies one run of the node; a node that is started again has another one
   * @param system the address of its actor system
   */
  record Node(long uid, String system, boolean isReachable) {}

  /** The messages of the actor. */
  sealed interface Command {}

  private record MembershipChanged(ClusterDomainEvent event) implements Command {}

  /** A node leaves gracefully: its shards move first, and only then its membership changes. */
  record Leaving(long node) implements Command, ClusterMessage {}

  /**
   * Starts the actor.
   *
   * @param role the role of the nodes to list
   * @param clock the clock for durations
   */
  public static OtherNodes start(ActorSystem<?> system, String role, Ticker clock) {
    OtherNodes otherNodes = new OtherNodes(system, role, clock);
    VitalPart.spawn(system, otherNodes.watch(), NAME);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeClusterShutdown(),
            "tell-other-nodes",
            otherNodes::announceLeaving);
    return otherNodes;
  }

  /** The uid of this run of this node. */
  public long self() {
    return self;
  }

  /** Whether a node was removed from the cluster. False for a node that was never a member. */
  public boolean isRemoved(long node) {
    return removed.contains(node);
  }

  /** The number of other nodes. */
  public int count() {
    return others.size();
  }

  /** Whether a member joined, left or began to leave in the last milliseconds: shards may move. */
  public boolean hasChangedWithin(long millis) {
    return changedAt.filter(at -> clock.millis() - at <= millis).isPresent();
  }

  private CompletionStage<Done> announceLeaving() {
    changedAt = Optional.of(clock.millis());
    for (Node other : others) {
      this.<Command>at(other.system, NAME).tell(new Leaving(self));
    }
    return CompletableFuture.completedStage(Done.getInstance());
  }

  /**
   * Sends a message to the system actor of a name on a node, which may be this one. It is lost when
   * that node is not a member.
   */
  public <T> void tell(long node, String actor, T message) {
    if (node == self) {
      this.<T>at(address, actor).tell(message);
    }
    for (Node other : others) {
      if (other.uid == node) {
        this.<T>at(other.system, actor).tell(message);
      }
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
    return new NodeQuery<A>(others, isSufficient)
        .ask(other -> this.<Q>at(other.system, actor), question, timeout, system.scheduler());
  }

  /**
   * The answers of the other nodes.
   *
   * @param isComplete whether every node answered
   */
  public record Answers<A>(List<A> values, boolean isComplete) {}

  private <T> ActorRef<T> at(String node, String actor) {
    return ActorRefResolver.get(system).resolveActorRef(node + "/system/" + actor);
  }

  private Behavior<Command> watch() {
    return Behaviors.setup(context -> {
      ActorRef<ClusterDomainEvent> events =
          context.messageAdapter(ClusterDomainEvent.class, MembershipChanged::new);
      Cluster.get(system).subscriptions().tell(Subscribe.create(events, ClusterDomainEvent.class));
      Map<Long, Member> members = new HashMap<>();
      Set<Long> unreachable = new HashSet<>();
      return Behaviors.receiveMessage(message -> {
        switch (message) {
          case MembershipChanged(MemberEvent change) -> onMember(change, members);
          case MembershipChanged(UnreachableMember lost) -> unreachable.add(uidOf(lost.member()));
          case MembershipChanged(ReachableMember found) ->
              unreachable.remove(uidOf(found.member()));
          case MembershipChanged(ClusterDomainEvent other) -> {
            return Behaviors.same();
          }
          case Leaving(long node) -> {
            if (members.containsKey(node)) {
              changedAt = Optional.of(clock.millis());
            }
          }
        }
        unreachable.retainAll(members.keySet());
        others =
            members.entrySet().stream()
                .map(member ->
                    new Node(
                        member.getKey(),
                        member.getValue().address().toString(),
                        !unreachable.contains(member.getKey())))
                .toList();
        return Behaviors.same();
      });
    });
  }

  private void onMember(MemberEvent change, Map<Long, Member> members) {
    Member member = change.member();
    long node = uidOf(member);
    if (node == self || !member.hasRole(role)) {
      return;
    }
    switch (change) {
      case MemberJoined joined -> {
        return; // its ports are not open yet
      }
      case MemberRemoved event -> onRemoved(node, members);
      case MemberDowned event -> onRemoved(node, members);
      default -> members.put(node, member);
    }
    changedAt = Optional.of(clock.millis());
  }

  private void onRemoved(long node, Map<Long, Member> members) {
    if (removed.size() >= MAX_REMOVED) {
      removed.clear(); // they were removed long ago; no message names them any more
    }
    removed.add(node);
    members.remove(node);
  }

  private static long uidOf(Member member) {
    return member.uniqueAddress().longUid();
  }
}
