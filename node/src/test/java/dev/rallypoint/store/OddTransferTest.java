package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.testing.HbbsFile;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.time.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are in use or not hbbs's own, and a database that takes its time. */
class OddTransferTest {
  private static final String ROW =
      "insert into peer values (x'01', '123456789', x'02', x'03', '2021-03-04 05:06:07',"
          + " null, null, null, '{}')";

  @TempDir Path folder;
  private Path file;
  private Path exported;

  @BeforeEach
  void begin() {
    file = folder.resolve("db_v2.sqlite3");
    exported = folder.resolve("exported.sqlite3");
  }

  private ImportResult importIt() {
    try (SharedDatabase database =
        SharedDatabase.open(TestPostgres.settings(TestPostgres.database()))) {
      return PeerImport.run(
          "--from", file, database, new TransferProgress(line -> {}, Ticker.SYSTEM));
    }
  }

  @Test
  void reportsTheSecondRowOfAnId() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file)) {
      hbbs.execute(
          """
          create table peer (guid blob, id varchar(100), uuid blob, pk blob, created_at datetime,
            user blob, status tinyint, note varchar(300), info text)
          """);
      hbbs.execute("insert into peer (guid, id, pk) values (x'01', '123456789', x'0a')");
      hbbs.execute("insert into peer (guid, id, pk) values (x'02', '123456789', x'0b')");
    }

    assertThat(importIt()).isEqualTo(new ImportResult(1, 0, List.of("123456789"), List.of()));
  }

  @Test
  void importsRowsThatARunningServerHasInItsWal() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file)) {
      hbbs.execute("pragma journal_mode = wal");
      hbbs.createSchema();
      hbbs.execute("pragma wal_checkpoint(truncate)");
      hbbs.execute(ROW);
      assertThat(Path.of(file + "-wal")).isNotEmptyFile();

      assertThat(importIt()).isEqualTo(new ImportResult(1, 0, List.of(), List.of()));
    }
  }

  @Test
  void saysWhatAWalNeedsThatCannotBeRead() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file)) {
      hbbs.execute("pragma journal_mode = wal");
      hbbs.createSchema();
      Path alone = folder.resolve("copied.sqlite3");
      Files.copy(file, alone);
      Files.copy(Path.of(file + "-wal"), Path.of(alone + "-wal"));
      // It cannot be made, as in a folder that this user may not write.
      Files.createSymbolicLink(Path.of(alone + "-shm"), folder.resolve("nowhere/at-all"));
      file = alone;

      assertThatThrownBy(this::importIt)
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("cannot be read")
          .hasMessageContaining("-wal")
          .hasMessageNotContaining("cannot write");
    }
  }

  @Test
  void exportsWhatTheDatabaseTakesLongToFind() throws Exception {
    String url = TestPostgres.database();
    try (SharedDatabase hasty =
        SharedDatabase.open(TestPostgres.settings(url + "?socketTimeout=1"))) {
      TestPostgres.execute(url, "alter table peer rename to away");
      TestPostgres.execute(
          url, "create view peer as select away.* from away cross join pg_sleep(1.5)");
      TestPostgres.execute(
          url, "insert into away (id, guid, uuid, pk) values ('1', 'g', 'u', 'k')");

      assertThat(
              PeerExport.run(
                  "--to", exported, hasty, new TransferProgress(line -> {}, Ticker.SYSTEM)))
          .isEqualTo(1);
    }
  }
}
