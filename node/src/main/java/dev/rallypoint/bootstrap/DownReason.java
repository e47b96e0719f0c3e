package dev.rallypoint.bootstrap;

import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** What a node that is no member any more knows of the reason; kept with its actor system. */
final class DownReason extends Setup {
  private volatile boolean isUndecided;
  private volatile boolean isDatabaseSilent;
  private volatile boolean isBesideASecondCluster;

  /** That of a node. */
  static DownReason of(ActorSystem<?> system) {
    return Adapter.toClassic(system)
        .settings()
        .setup()
        .get(DownReason.class)
        .orElseThrow(() -> new IllegalStateException("not a node's actor system"));
  }

  /** The database did not say whether this node's side goes on. */
  void onUndecided() {
    isUndecided = true;
  }

  /**
   * How the database answers this node now.
   *
   * @param isSilent whether it does not: then it said nothing to whoever asked for this side
   */
  void onDatabase(boolean isSilent) {
    isDatabaseSilent = isSilent;
  }

  /** Other nodes are a cluster of their own, and this node ends for their sake. */
  void onSecondCluster() {
    isBesideASecondCluster = true;
  }

  /** Why, and what an operator may do. */
  String reason() {
    if (isBesideASecondCluster) {
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
