package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.app.Shell;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** A node on a restored backup of the database of a cluster that is running. */
class RestoredBackupTest {
  private static final String HERE = "127.0.0.1";

  private final String production = TestPostgres.database();
  private final String copy = TestPostgres.database();
  private final List<BareNode> nodes = new ArrayList<>();

  @AfterEach
  void end() {
    nodes.forEach(BareNode::kill);
  }

  private BareNode start(String url) {
    return started(BareNode.start(url, HERE, 0));
  }

  private BareNode started(BareNode node) {
    nodes.add(node);
    return node;
  }

  /** Copies each row of each table, as a dump does that is restored into the second database. */
  private void restore() throws Exception {
    try (SharedDatabase from = SharedDatabase.open(TestPostgres.settings(production));
        SharedDatabase to = SharedDatabase.open(TestPostgres.settings(copy))) {
      try (Handle source = from.jdbi().open();
          Handle target = to.jdbi().open()) {
        copy(source, target);
      }
    }
  }

  private static void copy(Handle source, Handle target) throws Exception {
    List<String> tables =
        source
            .select("select tablename from pg_tables where schemaname = current_schema()")
            .mapTo(String.class)
            .list();
    assertThat(tables).contains("peer", "cluster_member", "cluster_database", "cluster_key");
    target.execute("truncate " + String.join(", ", tables));
    for (String table : tables) {
      StringWriter rows = new StringWriter();
      copyManager(source.getConnection()).copyOut("copy " + table + " to stdout", rows);
      copyManager(target.getConnection())
          .copyIn("copy " + table + " from stdin", new StringReader(rows.toString()));
    }
  }

  private static CopyManager copyManager(Connection connection) throws Exception {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  private static List<String> memberRows(String url) {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      return database
          .jdbi()
          .withHandle(handle ->
              handle.select("select address from cluster_member").mapTo(String.class).list());
    }
  }

  private static List<String> leaseRows(String url) {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      return database
          .jdbi()
          .withHandle(
              handle -> handle.select("select name from cluster_lease").mapTo(String.class).list());
    }
  }

  private static String address(BareNode node) {
    return HERE + ":" + node.port();
  }

  @Test
  void beginsAClusterOfItsOwnThere() throws Exception {
    List<BareNode> cluster = List.of(start(production), start(production));
    restore();
    assertThat(memberRows(copy)).as("the copy names the members").hasSize(2);

    BareNode staging = start(copy);

    await().until(() -> staging.members().equals(List.of(address(staging))));
    assertThat(memberRows(copy)).containsExactly(address(staging));
    assertThat(memberRows(production))
        .containsExactlyInAnyOrderElementsOf(
            cluster.stream().map(RestoredBackupTest::address).collect(Collectors.toList()));
    assertThat(cluster)
        .allSatisfy(node -> assertThat(node.members()).doesNotContain(address(staging)));
  }

  @Test
  void beginsAClusterOfItsOwnWhenItWasRestoredByTheCommand(@TempDir Path folder) {
    BareNode member = start(production);
    Shell shell = new Shell(folder);
    shell.environment.put("DB_URL", production);
    assertThat(shell.run("backup", "all.zip")).as(shell.err()).isZero();
    shell.environment.put("DB_URL", copy);
    assertThat(shell.run("restore", "all.zip")).as(shell.err()).isZero();
    assertThat(memberRows(copy)).as("the copy names no members").isEmpty();

    BareNode staging = start(copy);

    await().until(() -> staging.members().equals(List.of(address(staging))));
    assertThat(member.members()).containsExactly(address(member));
    assertThat(memberRows(production)).containsExactly(address(member));
  }

  @Test
  void isRefusedByTheSeedNodeOfTheRunningCluster() throws Exception {
    BareNode member = start(production);
    restore();

    assertThatThrownBy(() ->
            started(
                BareNode.start(
                    copy,
                    BareNode.settings(
                        "rallypoint", HERE, 0, new InetSocketAddress(HERE, member.port())),
                    BareNode.IDENTITY)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("the node " + address(member) + " has another database")
        .hasMessageContaining("one is a copy of the other");
    assertThat(member.members()).hasSize(1);
  }

  @Test
  void leavesNoTokenOfAJoinBehind() {
    start(production);
    start(production);
    assertThat(leaseRows(production)).isEmpty();
  }
}
