package dev.rallypoint.bootstrap;

import dev.rallypoint.config.SettingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The members of a cluster as the shared database knows them. Whoever is to begin the cluster
 * decides that under a lock, so that there is one; times are those of the database's clock.
 *
 * @param jdbi the database
 * @param cluster the cluster's name
 * @param self this node's address
 * @param incarnation this life of it
 * @param stale after so long without a word a member may be gone
 */
record MemberTable(Jdbi jdbi, String cluster, String self, UUID incarnation, Duration stale) {

  /**
   * A node's row.
   *
   * @param address where it is
   * @param incarnation which life of it
   * @param started when this life became a member
   * @param heartbeat when it was last heard of
   * @param age how long ago that was
   */
  record Row(String address, UUID incarnation, Instant started, Instant heartbeat, Duration age) {}

  /** Forgets a life of a node. */
  void forget(Row gone) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "delete from cluster_member where cluster = :cluster and incarnation = :gone")
            .bind("cluster", cluster)
            .bind("gone", gone.incarnation())
            .execute());
  }

  /** The rows of all nodes, this one too. */
  List<Row> rows() {
    return jdbi.withHandle(this::rows);
  }

  /** The rows of all others. */
  List<Row> others() {
    return jdbi.withHandle(this::others);
  }

  /**
   * Begins the cluster if there are no others but these, who are then forgotten.
   *
   * @return whether this node is the one that begins it
   * @throws SettingException when the database is that of a cluster of another name
   */
  boolean begin(List<Row> gone) {
    List<UUID> ignored = gone.stream().map(Row::incarnation).toList();
    return jdbi.inTransaction(handle -> {
      new ClusterName(cluster, stale).claim(handle);
      List<Row> others = others(handle);
      // One that has been heard of since is not gone.
      if (others.stream().anyMatch(row -> !ignored.contains(row.incarnation()) || isHeard(row))) {
        return false;
      }
      handle.createUpdate("delete from cluster_member").execute();
      write(handle);
      return true;
    });
  }

  /** Whether a node has been heard of lately. */
  boolean isHeard(Row row) {
    return row.age().compareTo(stale) < 0;
  }

  /** Says that this node is a member. */
  void enter() {
    jdbi.useHandle(this::write);
  }

  /**
   * Says that this node is still there.
   *
   * @return whether its row was; others remove that of a node they have given up
   */
  boolean beat() {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(
                "update cluster_member set heartbeat = clock_timestamp()"
                    + " where cluster = :cluster and address = :self"
                    + " and incarnation = :incarnation")
            .bindMap(names())
            .execute())
        == 1;
  }

  /** Removes the rows of nodes that are no members any more and have not been heard of. */
  void removeAllBut(Set<String> members) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "delete from cluster_member where cluster = :cluster"
                    + " and not address = any(string_to_array(:members, ','))"
                    + " and heartbeat < clock_timestamp() - make_interval(secs => :stale)")
            .bind("cluster", cluster)
            .bind("members", String.join(",", members))
            .bind("stale", stale.toMillis() / 1_000.0)
            .execute());
  }

  /** Says that this node has left. */
  void leave() {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "delete from cluster_member where cluster = :cluster and address = :self"
                    + " and incarnation = :incarnation")
            .bindMap(names())
            .execute());
  }

  private Map<String, Object> names() {
    return Map.of("cluster", cluster, "self", self, "incarnation", incarnation);
  }

  private List<Row> others(Handle handle) {
    return rows(handle).stream().filter(row -> !row.incarnation().equals(incarnation)).toList();
  }

  private List<Row> rows(Handle handle) {
    return handle
        .createQuery(
            "select address, incarnation, started, heartbeat,"
                + " extract(epoch from clock_timestamp() - heartbeat) * 1000 as age"
                + " from cluster_member where cluster = :cluster order by address")
        .bind("cluster", cluster)
        .map((row, context) ->
            new Row(
                row.getString("address"),
                row.getObject("incarnation", UUID.class),
                row.getTimestamp("started").toInstant(),
                row.getTimestamp("heartbeat").toInstant(),
                Duration.ofMillis(row.getLong("age"))))
        .list();
  }

  private void write(Handle handle) {
    handle
        .createUpdate(
            "insert into cluster_member (cluster, address, incarnation)"
                + " values (:cluster, :self, :incarnation)"
                + " on conflict (cluster, address) do update set"
                + " incarnation = excluded.incarnation,"
                + " started = excluded.started, heartbeat = excluded.heartbeat")
        .bindMap(names())
        .execute();
  }
}
