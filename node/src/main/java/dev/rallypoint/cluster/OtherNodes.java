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
import org.apache.pekko.actor.typed.Props;
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
 * The other nodes that do the same work as this one: who there is, who is gone for good, and one
 * question to all of them. One actor hears of the members; all else reads what it saw. Safe for all
 * threads.
 */
public final class OtherNodes {
  private static final String NAME = "neighbours";
  private static final int MOST_GONE = 1_000;

  private final ActorSystem<?> system;
  private final String role;
  private final Ticker clock;
  private final long self;
  private final String address;
  private final Set<Long> gone = ConcurrentHashMap.newKeySet();
  private volatile List<Neighbour> others = List.of();
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
   * @param node what tells its life from every other node's and from its own next one
   * @param system the address of its actor system
   */
  record Neighbour(long node, String system, boolean isReachable) {}

  /** What the watching actor hears. */
  sealed interface News {}

  private record Seen(ClusterDomainEvent event) implements News {}

  /** A node goes in good order: its shards move first, and only then its membership changes. */
  record Departing(long node) implements News, ClusterMessage {}

  /**
   * Begins to watch the members.
   *
   * @param role the role that neighbours have
   * @param clock the clock for durations
   */
  public static OtherNodes start(ActorSystem<?> system, String role, Ticker clock) {
    OtherNodes neighbours = new OtherNodes(system, role, clock);
    system.systemActorOf(neighbours.watch(), NAME, Props.empty());
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeClusterShutdown(),
            "tell-neighbours",
            neighbours::depart);
    return neighbours;
  }

  /** What tells this node's life from every other one. */
  public long self() {
    return self;
  }

  /** Whether a node has left the cluster for good. One that was never heard of has not. */
  public boolean isGone(long node) {
    return gone.contains(node);
  }

  /** How many other nodes there are. */
  public int count() {
    return others.size();
  }

  /** Whether members came, went or were about to within so many milliseconds: shards may move. */
  public boolean hasChangedWithin(long millis) {
    return changedAt.filter(at -> clock.millis() - at <= millis).isPresent();
  }

  private CompletionStage<Done> depart() {
    changedAt = Optional.of(clock.millis());
    for (Neighbour neighbour : others) {
      this.<News>at(neighbour.system, NAME).tell(new Departing(self));
    }
    return CompletableFuture.completedStage(Done.getInstance());
  }

  /** Tells the actor of this name on a node, this one too; lost when that node is not there. */
  public <T> void tell(long node, String actor, T message) {
    if (node == self) {
      this.<T>at(address, actor).tell(message);
    }
    for (Neighbour neighbour : others) {
      if (neighbour.node == node) {
        this.<T>at(neighbour.system, actor).tell(message);
      }
    }
  }

  /**
   * Asks the actor of this name on every other node.
   *
   * @param enough an answer that need not wait for nodes that cannot be reached just now
   * @return what was said until then, or until all have answered, or within the patience
   */
  public <Q, A> CompletionStage<Answers<A>> ask(
      String actor, Function<ActorRef<A>, Q> question, Duration patience, Predicate<A> enough) {
    return new NodeQuery<A>(others, enough)
        .ask(
            neighbour -> this.<Q>at(neighbour.system, actor),
            question,
            patience,
            system.scheduler());
  }

  /**
   * What the other nodes said.
   *
   * @param isComplete whether every one of them did
   */
  public record Answers<A>(List<A> said, boolean isComplete) {}

  private <T> ActorRef<T> at(String node, String actor) {
    return ActorRefResolver.get(system).resolveActorRef(node + "/system/" + actor);
  }

  private Behavior<News> watch() {
    return Behaviors.setup(context -> {
      ActorRef<ClusterDomainEvent> events =
          context.messageAdapter(ClusterDomainEvent.class, Seen::new);
      Cluster.get(system).subscriptions().tell(Subscribe.create(events, ClusterDomainEvent.class));
      Map<Long, Member> members = new HashMap<>();
      Set<Long> unreachable = new HashSet<>();
      return Behaviors.receiveMessage(news -> {
        switch (news) {
          case Seen(MemberEvent change) -> onMember(change, members);
          case Seen(UnreachableMember lost) -> unreachable.add(nodeOf(lost.member()));
          case Seen(ReachableMember found) -> unreachable.remove(nodeOf(found.member()));
          case Seen(ClusterDomainEvent other) -> {
            return Behaviors.same();
          }
          case Departing(long node) -> {
            if (members.containsKey(node)) {
              changedAt = Optional.of(clock.millis());
            }
          }
        }
        unreachable.retainAll(members.keySet());
        others =
            members.entrySet().stream()
                .map(member ->
                    new Neighbour(
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
    long node = nodeOf(member);
    if (node == self || !member.hasRole(role)) {
      return;
    }
    switch (change) {
      case MemberJoined joined -> {
        return; // it has no doors open yet
      }
      case MemberRemoved removed -> lose(node, members);
      case MemberDowned downed -> lose(node, members);
      default -> members.put(node, member);
    }
    changedAt = Optional.of(clock.millis());
  }

  private void lose(long node, Map<Long, Member> members) {
    if (gone.size() >= MOST_GONE) {
      gone.clear(); // long ago: nothing names those any more
    }
    gone.add(node);
    members.remove(node);
  }

  private static long nodeOf(Member member) {
    return member.uniqueAddress().longUid();
  }
}
