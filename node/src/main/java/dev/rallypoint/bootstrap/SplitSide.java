package dev.rallypoint.bootstrap;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/** Which side of a cut cluster a node is on, as Pekko's split brain resolver counts. */
final class SplitSide {
  private static final Set<MemberStatus> NOT_YET =
      Set.of(MemberStatus.joining(), MemberStatus.weaklyUp());

  private SplitSide() {}

  /** Whether the members that this node reaches are the smaller side. */
  static boolean isSmaller(CurrentClusterState state) {
    List<Member> members =
        StreamSupport.stream(state.getMembers().spliterator(), false)
            .filter(member -> !NOT_YET.contains(member.status()))
            .sorted(Comparator.comparing(Member::address, Member.addressOrdering()))
            .toList();
    return isSmaller(members, new HashSet<>(state.getUnreachable()));
  }

  /**
   * The same of any members. Of equal sides that without the first member is the smaller one.
   *
   * @param members all of them, in the order of their addresses
   * @param lost those that are not reached
   */
  static <T> boolean isSmaller(List<T> members, Set<T> lost) {
    long unreached = members.stream().filter(lost::contains).count();
    long reached = members.size() - unreached;
    return reached == unreached && !members.isEmpty()
        ? lost.contains(members.getFirst())
        : reached < unreached;
  }
}
