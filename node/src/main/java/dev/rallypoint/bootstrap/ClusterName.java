package dev.rallypoint.bootstrap;

import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Checks that a database belongs to the cluster of this node's name. All nodes on it serve the same
 * ids, so two names there would be two key pairs over one table of peers.
 *
 * @param text the name that is set on this node
 * @param stale the age at which the row of a member no longer counts as alive
 */
record ClusterName(String text, Duration stale) {
  /** An earlier version may have written a second pair by mistake; the first one counts. */
  private static final String OF_THE_PAIR =
      "select cluster from cluster_key order by stored, cluster limit 1";

  private static final String OF_OTHER_MEMBERS =
      """
      select cluster from cluster_member
      where cluster <> ? and heartbeat >= clock_timestamp() - make_interval(secs => ?)
      order by started, cluster limit 1
      """;

  private static final String TAKEN =
      "this database is that of the cluster %s; write that name, or give this one a database of its"
          + " own";

  /** The cluster is being renamed, or an earlier version wrote two names into the database. */
  private static final String RUNNING =
      "nodes of the cluster %s are running on this database; stop them first, or give them one of"
          + " their own";

  /**
   * Checks that the key pair and the living members in the database have this name.
   *
   * @throws SettingException when they have another one
   */
  void check(Handle handle) {
    Optional<String> pair = handle.select(OF_THE_PAIR).mapTo(String.class).findOne();
    if (pair.isPresent() && !pair.get().equals(text)) {
      throw refusal(TAKEN, pair.get());
    }
    handle
        .select(OF_OTHER_MEMBERS, text, stale.toMillis() / 1_000.0)
        .mapTo(String.class)
        .findOne()
        .ifPresent(members -> {
          throw refusal(pair.isEmpty() ? TAKEN : RUNNING, members);
        });
  }

  /**
   * Checks it under a lock: no other node can begin anything in this database until the transaction
   * is over.
   *
   * @param transaction the one that writes the key pair, or the first member
   */
  void claim(Handle transaction) {
    // The lock belongs to the transaction, so it also works through a connection pooler.
    transaction
        .select("select pg_advisory_xact_lock(hashtextextended('rallypoint cluster', 0))::text")
        .mapTo(String.class)
        .one();
    check(transaction);
  }

  private SettingException refusal(String advice, String name) {
    return new SettingException(ClusterSettings.NAME, text, advice.formatted(name));
  }
}
