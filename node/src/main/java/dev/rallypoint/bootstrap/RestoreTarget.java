package dev.rallypoint.bootstrap;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.store.SharedDatabase;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jdbi.v3.core.JdbiException;

/**
 * The shared database that a backup is restored into. Members, leases and the id of the database
 * are never taken from a backup: nodes of the restored database cannot take themselves for members
 * of the cluster that the backup was made of.
 *
 * @param name the database, in an operator's words
 */
public record RestoreTarget(SharedDatabase database, String name) {
  /** {@code cluster_database} stays: it tells this database from all copies. */
  private static final List<String> CLEARED =
      List.of(
          "peer",
          "new_peer",
          "peer_day",
          "shared_rule",
          "cluster_key",
          "cluster_member",
          "cluster_lease");

  private static final String LIVING =
      """
      select address from cluster_member
      where heartbeat > clock_timestamp() - make_interval(secs => ?) order by address
      """;

  private static final String HOLDS_ANY =
      "select exists (select from peer) or exists (select from cluster_key)"
          + " or exists (select from shared_rule)";

  /**
   * Refuses a database that nodes run on.
   *
   * @throws SettingException when a node was heard lately, or the database does not answer
   */
  public void requireNoNodes() {
    long seconds = JoinTimeouts.USUAL.stale().toSeconds();
    List<String> living;
    try {
      living =
          database
              .jdbi()
              .withHandle(handle -> handle.select(LIVING, seconds).mapTo(String.class).list());
    } catch (JdbiException e) {
      throw database.refusal(e);
    }
    if (!living.isEmpty()) {
      throw new SettingException(
          StoreSettings.DB_URL,
          name,
          "nodes run on it (%s); stop all of them, wait for %d s and try again, or name an empty"
                  .formatted(String.join(", ", living), seconds)
              + " database");
    }
  }

  /**
   * Whether it has a key pair, peers or rules of operators.
   *
   * @throws SettingException when the database does not answer
   */
  public boolean isUsed() {
    try {
      return database
          .jdbi()
          .withHandle(handle -> handle.createQuery(HOLDS_ANY).mapTo(Boolean.class).one());
    } catch (JdbiException e) {
      throw database.refusal(e);
    }
  }

  /**
   * Deletes all peers, the key pair, the rules of operators, and what there is of members and
   * leases, in one transaction.
   *
   * @throws SettingException when the database refuses it; nothing is deleted then
   */
  public void clear() {
    try {
      database.inLongTransaction(tx -> {
        try (Statement statement = tx.createStatement()) {
          for (String table : CLEARED) {
            statement.execute("delete from " + table);
          }
        }
      });
    } catch (SQLException e) {
      throw database.refusal(e);
    }
  }
}
