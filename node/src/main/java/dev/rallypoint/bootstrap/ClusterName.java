package dev.rallypoint.bootstrap;

import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The one name of the clusters in a database. All nodes on it serve the same ids, so two names
 * there would be two key pairs over one table of peers.
 *
 * @param text this node's
 * @param stale after so long without a word a member may be gone
 */
record ClusterName(String text, Duration stale) {
  /** A second one is there only by a mistake of an earlier version. */
  private static final String OF_THE_PAIR =
      "select cluster from cluster_key order by stored, cluster limit 1";

  private static final String OF_OTHER_MEMBERS =
      "select cluster from cluster_member where cluster <> :text"
          + " and heartbeat >= clock_timestamp() - make_interval(secs => :stale)"
          + " order by started, cluster limit 1";

  /**
   * Looks whether this node's name can be that of the database.
   *
   * @throws SettingException when another one is
   */
  void check(Handle handle) {
    Optional<String> pair = handle.createQuery(OF_THE_PAIR).mapTo(String.class).findOne();
    if (pair.isPresent() && !pair.get().equals(text)) {
      throw taken(pair.get());
    }
    handle
        .createQuery(OF_OTHER_MEMBERS)
        .bind("text", text)
        .bind("stale", stale.toMillis() / 1_000.0)
        .mapTo(String.class)
        .findOne()
        .ifPresent(members -> {
          throw pair.isEmpty() ? taken(members) : stillThere(members);
        });
  }

  /**
   * The same, and no other node can begin anything in this database until the transaction is over.
   *
   * @param transaction what writes the key pair, or the first member
   */
  void claim(Handle transaction) {
    // The lock goes with the transaction, through a pooler too.
    transaction
        .createQuery(
            "select pg_advisory_xact_lock(hashtextextended('rallypoint cluster', 0))::text")
        .mapTo(String.class)
        .one();
    check(transaction);
  }

  private SettingException taken(String name) {
    return new SettingException(
        ClusterSettings.NAME,
        text,
        "this database is that of the cluster "
            + name
            + "; write that name, or give this one a database of its own");
  }

  /** Somebody renames the cluster, or two names came into the database with an earlier version. */
  private SettingException stillThere(String name) {
    return new SettingException(
        ClusterSettings.NAME,
        text,
        "nodes of the cluster "
            + name
            + " are running on this database; stop them first, or give them one of their own");
  }
}
