package dev.rallypoint.bootstrap;

import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.setup.Setup;

/**
 * What this node knows about the reason why it was downed, that is removed from the cluster without
 * leaving. It is kept in the setup of the actor system, because Pekko creates the lease.
 */
final class DownReason extends Setup {
  private volatile boolean isUndecided;
  private volatile boolean isDatabaseSilent;
  private volatile boolean isBesideSecondCluster;

  /** The one of an actor system of a node. */
  static DownReason of(ClassicActorSystemProvider system) {
    return system.classicSystem().settings().setup().get(DownReason.class).orElseThrow();
  }

  /** The database did not answer whether this side of a partition goes on. */
  void onUndecided() {
    isUndecided = true;
  }

  /** Whether the database was silent: then it did not answer the node that asks for this side. */
  void onDatabase(boolean isSilent) {
    isDatabaseSilent = isSilent;
  }

  /** Whether the database did not answer this node when it last asked. */
  boolean isDatabaseSilent() {
    return isDatabaseSilent;
  }

  /** A second cluster exists, and this node ends in its favor. */
  void onSecondCluster() {
    isBesideSecondCluster = true;
  }

  /** The reason, and what an operator can do; follows {@code this node was removed: }. */
  String text() {
    if (isBesideSecondCluster) {
      return "other nodes, which could not reach it, are a cluster of their own; let all"
          + " nodes reach each other, started again it joins them";
    }
    return isUndecided || isDatabaseSilent
        ? "nodes were lost, and the database did not answer which side continues; check that"
            + " it can be reached from here, then start this node again"
        : "the other nodes went on without it (a cut network, or a pause of many"
            + " seconds); started again it joins them";
  }
}
