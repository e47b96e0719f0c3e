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
 * Decides on which side of a network partition this node is, as Pekko's split brain resolver does.
 */
final class SplitSide {
  private static final Set<MemberStatus> NOT_YET =
      Set.of(MemberStatus.joining(), MemberStatus.weaklyUp());

  private SplitSide() {}

  /** Whether the members that this node can reach are the smaller side. */
  static boolean isSmaller(CurrentClusterState state) {
    List<Member> members =
        Members.of(state)
            .filter(member -> !NOT_YET.contains(member.status()))
            .sorted(Comparator.comparing(Member::address, Member.addressOrdering()))
            .toList();
    return isSmaller(members, new HashSet<>(state.getUnreachable()));
  }

  /**
   * Whether the reachable members are the smaller side. Of two sides of equal size, the one without
   * the first member is the smaller.
   *
   * @param members all members in the order of their addresses
   * @param lost the members that cannot be reached
   */
  static <T> boolean isSmaller(List<T> members, Set<T> lost) {
    long unreached = members.stream().filter(lost::contains).count();
    long reached = members.size() - unreached;
    return reached == unreached && !members.isEmpty()
        ? lost.contains(members.getFirst())
        : reached < unreached;
  }
}
