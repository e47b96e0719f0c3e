package dev.rallypoint.cluster;

import java.util.Locale;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** What a node's text consoles answer to {@code health}. */
public final class NodeHealth {
  private NodeHealth() {}

  /**
   * The answer in one line: {@code serving}, {@code draining}, or {@code not a member} of its
   * cluster. Other nodes that cannot be reached change nothing: until the split is decided, each
   * side may be the one that goes on.
   *
   * @param isDraining whether the node takes nothing new
   */
  public static String of(ActorSystem<?> system, boolean isDraining) {
    Cluster cluster = Cluster.get(system);
    MemberStatus status = cluster.selfMember().status();
    if (cluster.isTerminated() || !status.equals(MemberStatus.up())) {
      return "not a member of its cluster: " + status.toString().toLowerCase(Locale.ROOT) + "\n";
    }
    return isDraining ? "draining\n" : "serving\n";
  }
}
