package dev.rallypoint.cluster;

import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/** The members of the cluster by age, which gives each a number that no other has. */
public final class MemberAge {
  private MemberAge() {}

  /**
   * How many members are older than this node: 0 on the oldest. It changes only when one of those
   * goes. Safe for all threads.
   */
  public static int of(ActorSystem<?> system) {
    Cluster cluster = Cluster.get(system);
    Member self = cluster.selfMember();
    return (int)
        StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .filter(member -> member.isOlderThan(self))
            .count();
  }
}
