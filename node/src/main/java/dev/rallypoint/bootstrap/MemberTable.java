package dev.rallypoint.bootstrap;

import dev.rallypoint.config.SettingException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The table of members in the shared database. Which node begins the cluster is decided under a
 * lock of the database, so that only one does. All times are read from the clock of the database.
 *
 * @param cluster the name of the cluster
 * @param self the address of this node, {@code host:port}
 * @param incarnation identifies this run of the node
 * @param stale the age at which a row no longer counts as alive
 */
record MemberTable(Jdbi jdbi, String cluster, String self, UUID incarnation, Duration stale) {

  /** The rows of all nodes, this one included. */
  List<MemberRow> rows() {
    return jdbi.withHandle(this::rows);
  }

  /** The rows of all runs of nodes but this one. */
  List<MemberRow> others() {
    return jdbi.withHandle(this::others);
  }

  /** Whether the row has a recent heartbeat. */
  boolean isAlive(MemberRow row) {
    return row.age().compareTo(stale) < 0;
  }

  /**
   * Begins the cluster if there are no other rows than these, which are then deleted.
   *
   * @return whether this node is the one that begins it
   * @throws SettingException when the database belongs to a cluster of another name
   */
  boolean begin(List<MemberRow> gone) {
    List<UUID> ignored = gone.stream().map(MemberRow::incarnation).toList();
    return jdbi.inTransaction(handle -> {
      new ClusterName(cluster, stale).claim(handle);
      // A row that was updated since is the row of a living node.
      if (others(handle).stream()
          .anyMatch(row -> !ignored.contains(row.incarnation()) || isAlive(row))) {
        return false;
      }
      handle.execute("delete from cluster_member");
      write(handle);
      return true;
    });
  }

  /** Writes the row of this node, which is a member now. */
  void enter() {
    jdbi.useHandle(this::write);
  }

  /**
   * Updates the heartbeat of this node.
   *
   * @return whether its row exists; other nodes delete the row of a node that they removed
   */
  boolean heartbeat() {
    String update =
        """
        update cluster_member set heartbeat = clock_timestamp()
        where cluster = ? and address = ? and incarnation = ?
        """;
    return jdbi.withHandle(handle -> handle.execute(update, cluster, self, incarnation)) == 1;
  }

  /** Deletes the row of this node. */
  void leave() {
    delete(incarnation);
  }

  /** Deletes the row of one run of a node. */
  void delete(UUID run) {
    String delete = "delete from cluster_member where cluster = ? and incarnation = ?";
    jdbi.useHandle(handle -> handle.execute(delete, cluster, run));
  }

  /** Deletes the rows of nodes that are no members any more and have no recent heartbeat. */
  void removeAllBut(Set<String> members) {
    String delete =
        """
        delete from cluster_member where cluster = ?
        and not address = any(string_to_array(?, ','))
        and heartbeat < clock_timestamp() - make_interval(secs => ?)
        """;
    double seconds = stale.toMillis() / 1_000.0;
    jdbi.useHandle(handle -> handle.execute(delete, cluster, String.join(",", members), seconds));
  }

  /** Writes the token by which other nodes know that they have this database. */
  void write(JoinToken token) {
    token.write(jdbi, self);
  }

  /** Deletes such a token. */
  void delete(JoinToken token) {
    token.delete(jdbi);
  }

  private List<MemberRow> others(Handle handle) {
    return rows(handle).stream().filter(row -> !row.incarnation().equals(incarnation)).toList();
  }

  private List<MemberRow> rows(Handle handle) {
    String select =
        """
        select address, incarnation, started, heartbeat,
          extract(epoch from clock_timestamp() - heartbeat) * 1000 as age
        from cluster_member where cluster = ? order by address
        """;
    return handle
        .select(select, cluster)
        .map((row, context) ->
            new MemberRow(
                row.getString("address"),
                row.getObject("incarnation", UUID.class),
                row.getTimestamp("started").toInstant(),
                row.getTimestamp("heartbeat").toInstant(),
                Duration.ofMillis(row.getLong("age"))))
        .list();
  }

  private void write(Handle handle) {
    String insert =
        """
        insert into cluster_member (cluster, address, incarnation) values (?, ?, ?)
        on conflict (cluster, address) do update set incarnation = excluded.incarnation,
          started = excluded.started, heartbeat = excluded.heartbeat
        """;
    handle.execute(insert, cluster, self, incarnation);
  }
}
