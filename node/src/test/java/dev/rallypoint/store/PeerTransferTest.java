package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.testing.HbbsFile;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers carried from a file of hbbs to PostgreSQL and back. */
class PeerTransferTest {
  private static SharedDatabase database;

  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();
  private Path file;
  private Path exported;

  @BeforeAll
  static void openTheDatabase() {
    database = SharedDatabase.open(TestPostgres.settings(TestPostgres.database()));
  }

  @AfterAll
  static void closeTheDatabase() {
    database.close();
  }

  @BeforeEach
  void begin() {
    database.jdbi().useHandle(handle -> handle.execute("truncate peer"));
    file = folder.resolve("db_v2.sqlite3");
    exported = folder.resolve("exported.sqlite3");
  }

  private void write(String... statements) throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      for (String sql : statements) {
        hbbs.execute(sql);
      }
    }
  }

  private ImportResult importIt() {
    return PeerImport.run("--from", file, database, progress());
  }

  private long exportIt() {
    return PeerExport.run("--to", exported, database, progress());
  }

  /** A second has passed each time it looks. */
  private TransferProgress progress() {
    AtomicLong clock = new AtomicLong();
    return new TransferProgress(said::add, () -> clock.getAndAdd(TimeUnit.SECONDS.toNanos(1)));
  }

  /** Rows of one file that are not in the other, either way. */
  private int differences() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file)) {
      hbbs.execute("attach '" + exported + "' as other");
      return (Integer)
          hbbs.row(
                  """
                  select (select count(*) from (select * from peer except select * from other.peer))
                    + (select count(*) from (select * from other.peer except select * from peer))
                  """)
              .getFirst();
    }
  }

  private static String row(String id, String info) {
    return "insert into peer values (randomblob(16), '%s', randomblob(16), randomblob(32), %s)"
        .formatted(id, "'2021-03-04 05:06:07', null, null, null, '" + info + "'");
  }

  @Test
  void bringsBackEachOf100_000Rows() throws Exception {
    write(
        """
        insert into peer
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
        select randomblob(16), 100000000 + i, randomblob(16), randomblob(32),
          datetime(1600000000 + i, 'unixepoch'), iif(i % 3, null, randomblob(16)),
          iif(i % 5, null, i % 7), iif(i % 4, null, 'note ' || i),
          json_object('ip', '::ffff:203.0.113.' || i % 256)
        from n
        """);

    assertThat(importIt()).isEqualTo(new ImportResult(100_000, 0, List.of(), List.of()));
    assertThat(exportIt()).isEqualTo(100_000);

    assertThat(differences()).isZero();
  }

  @Test
  void saysHowFarTheImportAndTheExportAre() throws Exception {
    write(
        """
        insert into peer
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 2500)
        select randomblob(16), 100000000 + i, randomblob(16), randomblob(32),
          '2021-03-04 05:06:07', null, null, null, '{}'
        from n
        """);

    importIt();
    exportIt();

    assertThat(said)
        .containsExactly(
            "1,000 of 2,500 rows, 1,000 rows/s",
            "2,000 of 2,500 rows, 1,000 rows/s",
            "1,000 of 2,500 rows, 1,000 rows/s",
            "2,000 of 2,500 rows, 1,000 rows/s");
  }

  @Test
  void bringsBackRowsOfEveryKind() throws Exception {
    write(
        row("no-json", "not { json"),
        row("empty-info", ""),
        row("empty-object", "{}"),
        row("array", "[1, 2]"),
        row("ip-is-a-number", "{\"ip\": 5}"),
        row("ip-is-no-ip", "{\"ip\": \"here\"}"),
        row("more", "{\"ip\":\"::ffff:1.2.3.4\", \"os\" : [\"a\"], \"x\":{}}"),
        row("ipv6", "{\"ip\":\"2001:db8::1\"}"),
        row("My-Laptop", "{}"),
        row("my-laptop", "{}"),
        row("my-laptop ", "{}"),
        row("h\u00f6st \ud83d\ude00 ''quoted'' \\ {a,b} null", "{}"),
        "insert into peer values (x'01', 'short', x'', x'', '1999-12-31 23:59:59', x'00ff', -1, '', '{}')");

    assertThat(importIt()).isEqualTo(new ImportResult(13, 0, List.of(), List.of()));
    exportIt();

    assertThat(differences()).isZero();
  }

  @Test
  void importsAFileThatHasNullsWhereNoneMayBe() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file)) {
      hbbs.execute(
          """
          create table peer (guid blob, id varchar(100), uuid blob, pk blob, created_at datetime,
            user blob, status tinyint, note varchar(300), info text)
          """);
      hbbs.execute("insert into peer (id) values ('123456789')");
      hbbs.execute(
          "insert into peer (id, status, created_at) values ('987654321', 'on', 'yesterday')");
    }

    assertThat(importIt()).isEqualTo(new ImportResult(2, 0, List.of(), List.of()));
    assertThat(importIt()).isEqualTo(new ImportResult(0, 2, List.of(), List.of()));
  }

  @Test
  void importsTheSameFileAgainWithoutAChange() throws Exception {
    write(row("123456789", "{\"ip\":\"::ffff:203.0.113.7\"}"), row("987654321", "odd"));
    importIt();

    assertThat(importIt()).isEqualTo(new ImportResult(0, 2, List.of(), List.of()));
  }

  @Test
  void keepsWhatTheDatabaseHas() throws Exception {
    write(row("123456789", "{}"), row("987654321", "{}"));
    try (PeerStore store = GroupedPeerStore.in(database)) {
      save(store, peer("123456789"));

      assertThat(importIt()).isEqualTo(new ImportResult(1, 0, List.of("123456789"), List.of()));

      assertThat(find(store, "123456789")).contains(peer("123456789"));
    }
  }

  @Test
  void keepsTheNewIdOfADeviceThatTheFileHasUnderItsOld() throws Exception {
    write(row("123456789", "{}"));
    importIt();
    database.jdbi().useHandle(handle -> handle.execute("update peer set id = 'chosen-id'"));

    assertThat(importIt().conflicts()).containsExactly("123456789");
    assertThat(exportIt()).isEqualTo(1);
  }

  @Test
  void leavesOutWhatPostgresqlCannotHold() throws Exception {
    write(row("123456789", "{}"), row("987654321", "{}"));
    try (HbbsFile hbbs = new HbbsFile(file)) {
      hbbs.execute("update peer set note = 'a' || char(0) || 'b' where id = '987654321'");
    }

    ImportResult imported = importIt();

    assertThat(imported.added()).isEqualTo(1);
    assertThat(imported.leftOut()).singleElement().asString().startsWith("987654321 (");
  }

  @Test
  void writesAnIpThatChangedIntoWhatInfoHolds() throws Exception {
    write(row("123456789", "{\"ip\":\"::ffff:203.0.113.7\",\"os\":\"linux\"}"));
    importIt();
    try (PeerStore store = GroupedPeerStore.in(database)) {
      PeerRow row = find(store, "123456789").orElseThrow();
      save(store, new PeerRow(row.id(), row.uuid(), row.key(), "192.0.2.1"));
    }
    exportIt();

    try (HbbsFile hbbs = new HbbsFile(exported)) {
      assertThat(hbbs.row("select info from peer"))
          .containsExactly("{\"ip\":\"192.0.2.1\",\"os\":\"linux\"}");
    }
  }

  @Test
  void exportsAFileWithHbbsOwnTableAndIndexes() throws Exception {
    write();
    exportIt();
    String schema =
        """
        select group_concat(replace(replace(lower(sql), ' ', ''), char(10), ''))
        from sqlite_schema order by name
        """;
    try (HbbsFile ours = new HbbsFile(exported);
        HbbsFile hbbs = new HbbsFile(file)) {
      assertThat(ours.row(schema)).isEqualTo(hbbs.row(schema));
    }
  }

  @Test
  void exportsAFileThatANodeOpens() throws Exception {
    try (PeerStore store = GroupedPeerStore.in(database)) {
      save(store, peer("123456789"));
    }
    exportIt();

    try (PeerStore store = GroupedPeerStore.openSqlite(exported)) {
      assertThat(find(store, "123456789")).contains(peer("123456789"));
    }
  }

  @Test
  void exportsOverNoFile() throws Exception {
    Files.writeString(exported, "precious");

    assertThatThrownBy(this::exportIt)
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("is there already");
    assertThat(exported).hasContent("precious");
  }

  @Test
  void leavesNoFileWhenTheDatabaseFails() {
    database.jdbi().useHandle(handle -> handle.execute("alter table peer rename to away"));
    try {
      assertThatThrownBy(this::exportIt).isInstanceOf(SettingException.class);
    } finally {
      database.jdbi().useHandle(handle -> handle.execute("alter table away rename to peer"));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysThatThereIsNoSuchFile() {
    assertThatThrownBy(this::importIt).hasMessage("--from = " + file + ": there is no such file");
  }

  @Test
  void saysThatAFileIsNoDatabase() throws Exception {
    Files.writeString(file, "something else, long enough to be looked at".repeat(100));

    assertThatThrownBy(this::importIt)
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("no SQLite database");
  }
}
