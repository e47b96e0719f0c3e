package dev.rallypoint.app.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.HbbsFile;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a cluster's database, and databases that backups are restored into. */
class DatabaseRestoreTest {
  private static final String MEMBER =
      "insert into cluster_member (cluster, address, incarnation, heartbeat) values ('rallypoint',"
          + " '10.0.0.1:25520', gen_random_uuid(), clock_timestamp() - interval '%d s')";

  /** What a file of a node has beside hbbs's table, each table as one text. */
  private static final String OWN_ROWS =
      """
      select (select group_concat(id || ' ' || stored, ', ' order by id) from new_peer),
        (select group_concat(id || ' ' || day, ', ' order by id) from peer_day),
        (select group_concat(name || ' ' || value || ' ' || changed, ', ' order by name)
          from shared_rule)
      """;

  @TempDir Path folder;
  private final String production = TestPostgres.database();
  private final String target = TestPostgres.database();
  private Shell shell;
  private String key;

  /** A cluster of three peers, which has one member. */
  @BeforeEach
  void begin() throws Exception {
    shell = new Shell(folder);
    try (HbbsFile hbbs = new HbbsFile(folder.resolve("db_v2.sqlite3")).createSchema()) {
      for (int i = 0; i < 3; i++) {
        hbbs.insert("12345678" + i, new byte[] {1}, new byte[] {2}, "{}");
      }
    }
    key = KeyFiles.in(folder).loadOrCreate().publicKey().text();
    shell.environment.put("DB_URL", production);
    assertThat(shell.run("import")).isZero();
    assertThat(shell.run("serve")).isZero(); // puts the pair into the database
    TestPostgres.execute(production, MEMBER.formatted(0));
    TestPostgres.execute(
        production,
        """
        insert into new_peer values ('123456781', '2026-11-29 12:00:00+00');
        insert into peer_day values ('123456780', '2026-11-28'), ('123456782', '1969-12-31');
        insert into shared_rule values ('blocklist', E'203.0.113.7\n# é', 1764500000123),
          ('total-bandwidth', '', 7)
        """);
    assertThat(shell.run("backup", "all.zip", "--data", "ops")).as(shell.err()).isZero();
    shell.environment.put("DB_URL", target);
  }

  private int restore(String... more) {
    String[] all = {"restore", "all.zip", "--data", "ops"};
    String[] words = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, words, all.length, more.length);
    return shell.run(words);
  }

  /** What a backup carries beside the peers. */
  private static List<String> ownRows(String url) {
    return rows(
        url,
        """
        select id || ' ' || (stored at time zone 'utc') from new_peer
        union all select id || ' ' || day from peer_day
        union all select name || ' ' || value || ' ' || changed from shared_rule order by 1
        """);
  }

  private static List<String> rows(String url, String sql) {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      return database.jdbi().withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
  }

  @Test
  void bringsPeersAndKeyPairAndNothingOfTheClusterItself() {
    assertThat(restore()).as(shell.err()).isZero();

    assertThat(shell.out()).contains("backup of ", "3 peers, key " + key, "restored 3 peers");
    assertThat(rows(target, "select id from peer order by id"))
        .containsExactly("123456780", "123456781", "123456782");
    assertThat(ownRows(target))
        .containsExactly(
            "123456780 2026-11-28",
            "123456781 2026-11-29 12:00:00",
            "123456782 1969-12-31",
            "blocklist 203.0.113.7\n# é 1764500000123",
            "total-bandwidth  7");
    assertThat(rows(target, "select secret from cluster_key"))
        .isEqualTo(rows(production, "select secret from cluster_key"));
    assertThat(rows(target, "select address from cluster_member")).isEmpty();
    assertThat(rows(target, "select id::text from cluster_database"))
        .isNotEqualTo(rows(production, "select id::text from cluster_database"));
  }

  @Test
  void isRefusedWhileNodesRunThere() {
    shell.environment.put("DB_URL", production);
    assertThat(restore("--replace")).isEqualTo(2);
    assertThat(shell.err())
        .contains("nodes run on it (10.0.0.1:25520)")
        .doesNotContain("s3cret")
        .hasLineCount(1);
    assertThat(rows(production, "select id from peer")).hasSize(3);
  }

  @Test
  void isRefusedWhereThereArePeersOrAPair() {
    restore();
    assertThat(restore()).isEqualTo(2);
    assertThat(shell.err())
        .contains("it has peers, a key pair or changed limits; --replace")
        .hasLineCount(1);
  }

  @Test
  void replacesWhatNodesOfAnEarlierTimeLeft() {
    restore();
    TestPostgres.execute(target, "update peer set id = 'another' where id = '123456780'");
    TestPostgres.execute(
        target,
        "update peer_day set day = current_date;"
            + " insert into shared_rule values ('always-use-relay', 'Y', 9)");
    TestPostgres.execute(target, MEMBER.formatted(60));

    assertThat(restore("--replace")).as(shell.err()).isZero();

    assertThat(rows(target, "select id from peer order by id"))
        .containsExactly("123456780", "123456781", "123456782");
    assertThat(ownRows(target)).isEqualTo(ownRows(production));
    assertThat(rows(target, "select address from cluster_member")).isEmpty();
  }

  @Test
  void goesIntoTheFolderOfOneNodeToo() throws Exception {
    shell.environment.clear();
    assertThat(shell.run("restore", "all.zip", "--data", "single")).as(shell.err()).isZero();
    Path single = folder.resolve("single");
    assertThat(KeyFiles.in(single).load().orElseThrow().publicKey().text()).isEqualTo(key);
    try (HbbsFile hbbs = new HbbsFile(single.resolve("db_v2.sqlite3"))) {
      assertThat(hbbs.row("select count(*) from peer")).containsExactly(3);
      assertThat(hbbs.row(OWN_ROWS))
          .containsExactly(
              "123456781 " + Instant.parse("2026-11-29T12:00:00Z").getEpochSecond(),
              "123456780 " + LocalDate.parse("2026-11-28").toEpochDay() + ", 123456782 -1",
              "blocklist 203.0.113.7\n# é 1764500000123, total-bandwidth  7");
    }
  }

  @Test
  void keepsTheRowsOfTheFolderOfOneNodeOnTheWayBack() throws Exception {
    shell.environment.clear();
    assertThat(shell.run("restore", "all.zip", "--data", "single")).as(shell.err()).isZero();
    try (HbbsFile node = new HbbsFile(folder.resolve("single").resolve("db_v2.sqlite3"))) {
      node.execute("insert into peer_day values ('not' || char(0) || 'text', 20000)");
      node.execute("insert into peer_day values ('without-peer', 20000)");
    }
    assertThat(shell.run("backup", "node.zip", "--data", "single")).as(shell.err()).isZero();
    shell.environment.put("DB_URL", target);

    assertThat(shell.run("restore", "node.zip", "--data", "ops")).as(shell.err()).isZero();

    assertThat(ownRows(target)).isEqualTo(ownRows(production));
  }

  @Test
  void takesTheBackupOfOneNode() {
    shell.environment.clear();
    assertThat(shell.run("backup", "node.zip")).as(shell.err()).isZero();
    shell.environment.put("DB_URL", target);

    assertThat(shell.run("restore", "node.zip", "--data", "ops")).as(shell.err()).isZero();

    assertThat(rows(target, "select id from peer")).hasSize(3);
    assertThat(rows(target, "select cluster from cluster_key")).containsExactly("rallypoint");
  }
}
