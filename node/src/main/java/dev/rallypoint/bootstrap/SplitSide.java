package dev.rallypoint.bootstrap;

import dev.rallypoint.cluster.Members;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/**
 * A side of a network partition. Pekko's split brain resolver decides alike which one is smaller.
 */
enum SplitSide {
  /** Fewer members than the other side, or as many, without the first one. */
  SMALLER,
  /** Not the smaller side, and no majority: half of the members, or of two members the first. */
  LARGER,
  /** More than half of three or more members. There is no other such side. */
  MAJORITY;

  private static final int LEAST_MEMBERS = 3;
  private static final Set<MemberStatus> NOT_YET =
      Set.of(MemberStatus.joining(), MemberStatus.weaklyUp());

  /** The side of the members that this node can reach. */
  static SplitSide of(CurrentClusterState state) {
    List<Member> members =
        Members.of(state)
            .filter(member -> !NOT_YET.contains(member.status()))
            .sorted(Comparator.comparing(Member::address, Member.addressOrdering()))
            .toList();
    return of(members, new HashSet<>(state.getUnreachable()));
  }

  /**
   * The side of the members that can be reached.
   *
   * @param members all members in the order of their addresses
   * @param lost the members that cannot be reached
   */
  static <T> SplitSide of(List<T> members, Set<T> lost) {
    long unreached = members.stream().filter(lost::contains).count();
    long reached = members.size() - unreached;
    if (reached > unreached) {
      return members.size() < LEAST_MEMBERS ? LARGER : MAJORITY;
    }
    boolean isFirstLost = !members.isEmpty() && lost.contains(members.getFirst());
    return reached < unreached || isFirstLost ? SMALLER : LARGER;
  }
}
