package dev.rallypoint.bootstrap;

import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * What this node knows about the reason why it was downed, that is removed from the cluster without
 * leaving. It is kept in the setup of the actor system, because Pekko creates the lease.
 */
final class DownReason extends Setup {
  private volatile boolean isUndecided;
  private volatile boolean isDatabaseSilent;
  private volatile boolean isBesideSecondCluster;

  /** The one of an actor system. */
  static DownReason of(ActorSystem<?> system) {
    return Adapter.toClassic(system)
        .settings()
        .setup()
        .get(DownReason.class)
        .orElseThrow(() -> new IllegalStateException("not a node's actor system"));
  }

  /** The database did not answer whether this side of a partition goes on. */
  void onUndecided() {
    isUndecided = true;
  }

  /**
   * Whether the database answers this node now.
   *
   * @param isSilent whether it does not; then it did not answer the node that asks for this side
   */
  void onDatabase(boolean isSilent) {
    isDatabaseSilent = isSilent;
  }

  /** A second cluster exists, and this node ends in its favor. */
  void onSecondCluster() {
    isBesideSecondCluster = true;
  }

  /** The reason, and what an operator can do; follows {@code this node was removed: }. */
  String text() {
    if (isBesideSecondCluster) {
      return "other nodes, which could not reach it, are a cluster of their own; let all nodes reach"
          + " each other, started again it joins them";
    }
    return isUndecided || isDatabaseSilent
        ? "nodes were lost, and the database did not say who goes on; see that it can be reached"
            + " from here, then start this node again"
        : "the other nodes went on without it (a cut network, or a pause of many seconds); started"
            + " again it joins them";
  }
}
