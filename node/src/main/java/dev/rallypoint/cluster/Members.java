package dev.rallypoint.cluster;

import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** Questions about the members of the cluster as this node sees them. Safe for all threads. */
public final class Members {
  private Members() {}

  /** All members, this node included, whatever their status. */
  public static Stream<Member> of(ActorSystem<?> system) {
    return of(Cluster.get(system).state());
  }

  /** All members of a state of the cluster. */
  public static Stream<Member> of(CurrentClusterState state) {
    return StreamSupport.stream(state.getMembers().spliterator(), false);
  }

  /** The members other than this node that are up and have a role. */
  public static Stream<Member> othersUp(ActorSystem<?> system, String role) {
    Member self = Cluster.get(system).selfMember();
    return of(system)
        .filter(member -> !member.equals(self))
        .filter(member -> member.status().equals(MemberStatus.up()) && member.hasRole(role));
  }

  /** Whether this node is up and other members with a role are, too. */
  public static boolean isUpBesideOthers(ActorSystem<?> system, String role) {
    return Cluster.get(system).selfMember().status().equals(MemberStatus.up())
        && othersUp(system, role).findAny().isPresent();
  }

  /** Whether this node is a member that others can join a cluster through. */
  public static boolean isJoinable(ActorSystem<?> system) {
    return Set.of(MemberStatus.up(), MemberStatus.weaklyUp())
        .contains(Cluster.get(system).selfMember().status());
  }

  /** Whether this node is the leader, which confirms members that join and leave. */
  public static boolean isLeader(ActorSystem<?> system) {
    Cluster cluster = Cluster.get(system);
    return cluster.selfMember().address().equals(cluster.state().getLeader());
  }

  /** Whether no member with this role is older than this node. */
  public static boolean isOldest(ActorSystem<?> system, String role) {
    Member self = Cluster.get(system).selfMember();
    return of(system).noneMatch(member -> member.hasRole(role) && member.isOlderThan(self));
  }

  /**
   * How many members are older than this node: 0 on the oldest one. No two members have the same
   * number; it changes only when an older member leaves.
   */
  public static int countOlder(ActorSystem<?> system) {
    Member self = Cluster.get(system).selfMember();
    return (int) of(system).filter(member -> member.isOlderThan(self)).count();
  }
}
