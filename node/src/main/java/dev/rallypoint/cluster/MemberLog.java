package dev.rallypoint.cluster;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberDowned;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberJoined;
import org.apache.pekko.cluster.ClusterEvent.MemberLeft;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.ClusterEvent.MemberUp;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line into the log for each node that joins, leaves, cannot be reached or is lost, and
 * where nodes are lost, that this side goes on, with how many of how many.
 */
public final class MemberLog {
  private static final Logger LOG = LoggerFactory.getLogger(MemberLog.class);

  private final Member self;
  private final Set<UniqueAddress> members = new HashSet<>();
  private final Set<UniqueAddress> lost = new HashSet<>();
  private boolean isIn;

  private MemberLog(Member self) {
    this.self = self;
  }

  /** Begins before the node joins, so that the members that are there already have no line. */
  public static void start(ActorSystem<?> system) {
    var unused = system.systemActorOf(behavior(system), "member-log", Props.empty());
  }

  private static Behavior<ClusterDomainEvent> behavior(ActorSystem<?> system) {
    return Behaviors.setup(context -> {
      Cluster cluster = Cluster.get(system);
      ActorRef<ClusterDomainEvent> events = context.getSelf();
      cluster.subscriptions().tell(Subscribe.create(events, ClusterDomainEvent.class));
      MemberLog log = new MemberLog(cluster.selfMember());
      return Behaviors.receiveMessage(event -> {
        switch (event) {
          case MemberEvent change -> log.onMember(change, change.member());
          case ReachabilityEvent change ->
              log.onReachability(change.member(), change instanceof UnreachableMember);
          default -> {}
        }
        return Behaviors.same();
      });
    });
  }

  private void onMember(MemberEvent event, Member member) {
    UniqueAddress address = member.uniqueAddress();
    switch (event) {
      case MemberUp _ when isSelf(member) -> {
        members.add(address);
        isIn = true;
        LOG.info("this node, {}, is in the cluster: {}", text(member), nodes());
      }
      case MemberUp _ -> {
        members.add(address);
        tell("node {} has joined: {}", text(member), nodes());
      }
      case MemberLeft _ when isSelf(member) -> isIn = false; // what it sees then is its own end
      case MemberLeft _ -> tell("node {} leaves", text(member));
      case MemberRemoved removed -> onRemoved(removed, member);
      case MemberDowned _ -> onDowned(member);
      case MemberJoined _ -> {}
      default -> {}
    }
  }

  private void onRemoved(MemberRemoved removed, Member member) {
    members.remove(member.uniqueAddress());
    lost.remove(member.uniqueAddress());
    if (!isSelf(member) && !removed.previousStatus().equals(MemberStatus.down())) {
      tell("node {} has left: {}", text(member), nodes());
    }
  }

  private void onDowned(Member member) {
    if (isSelf(member)) {
      isIn = false; // the last line of the process says why
      return;
    }
    lost.add(member.uniqueAddress());
    long here = members.stream().filter(other -> !lost.contains(other)).count();
    if (isIn) {
      LOG.warn("node {} is lost: this side goes on ({} of {})", text(member), here, members.size());
    }
  }

  private void onReachability(Member member, boolean isUnreachable) {
    if (isUnreachable && lost.add(member.uniqueAddress())) {
      if (isIn) {
        LOG.warn("node {} cannot be reached", text(member));
      }
    } else if (!isUnreachable && lost.remove(member.uniqueAddress())) {
      tell("node {} can be reached again", text(member));
    }
  }

  private void tell(String line, Object... values) {
    if (isIn) {
      LOG.info(line, values);
    }
  }

  private String nodes() {
    return members.size() == 1 ? "1 node" : members.size() + " nodes";
  }

  private boolean isSelf(Member member) {
    return member.uniqueAddress().equals(self.uniqueAddress());
  }

  private static String text(Member member) {
    String roles =
        Stream.of("rendezvous", "relay").filter(member::hasRole).collect(Collectors.joining("+"));
    return "%s:%s (%s, version %s)"
        .formatted(
            member.address().getHost().orElse("?"),
            member.address().getPort().map(String::valueOf).orElse("?"),
            roles,
            member.appVersion());
  }
}
