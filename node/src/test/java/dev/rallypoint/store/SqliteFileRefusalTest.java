package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.testing.HbbsFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files a node does not start with: one line, with the setting, the file and the advice. */
class SqliteFileRefusalTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("db_v2.sqlite3");
  }

  private void assertRefused(String advice) {
    Throwable refusal =
        catchThrowable(() -> GroupedPeerStore.openSqlite(file, Duration.ofMillis(200)).close());
    assertThat(refusal)
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("db-url = " + file + ": ")
        .hasMessageContaining(advice);
    assertThat(refusal.getMessage().lines()).hasSize(1);
  }

  @Test
  void refusesAFileThatIsNoDatabase() throws Exception {
    Files.writeString(file, "these are the notes of last summer\n".repeat(500));
    assertRefused("no SQLite database");
  }

  @Test
  void leavesAFileThatIsNoDatabaseAsItIs() throws Exception {
    String text = "these are the notes of last summer\n".repeat(500);
    Files.writeString(file, text);
    catchThrowable(() -> GroupedPeerStore.openSqlite(file));
    assertThat(file).hasContent(text);
  }

  @Test
  void refusesADamagedDatabase() throws Exception {
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      for (int i = 0; i < 200; i++) {
        save(store, peer("peer-" + i));
      }
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // The first page, with the header and the schema, stays whole.
      channel.write(
          ByteBuffer.wrap("damage".repeat(3_000).getBytes(StandardCharsets.UTF_8)), 4_096);
    }
    assertRefused("damaged");
  }

  @Test
  void refusesATruncatedDatabase() throws Exception {
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      for (int i = 0; i < 200; i++) {
        save(store, peer("peer-" + i));
      }
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(9_000);
    }
    assertRefused("damaged");
  }

  @Test
  void refusesAFolder() throws Exception {
    Files.createDirectory(file);
    assertRefused("this is a folder");
  }

  @Test
  void refusesAPathBelowAFile() throws Exception {
    Files.writeString(folder.resolve("notes"), "text");
    file = folder.resolve("notes/db_v2.sqlite3");
    assertRefused("its folder cannot be made");
  }

  @Test
  void refusesAPathThatSqliteWouldReadAsOptions() {
    file = folder.resolve("db?mode=memory");
    assertRefused("question mark");
  }

  @Test
  void refusesALockedDatabase() throws Exception {
    try (HbbsFile other = new HbbsFile(file).createSchema()) {
      other.execute("begin exclusive");
      assertRefused("another program has locked");
    }
  }

  @Test
  void refusesAnotherPeerTable() throws Exception {
    try (HbbsFile other = new HbbsFile(file)) {
      other.execute("create table peer (id text, name text)");
    }
    assertRefused("name a file of hbbs");
  }

  @Test
  void leavesADatabaseOfAnotherProgramAsItIs() throws Exception {
    try (HbbsFile other = new HbbsFile(file)) {
      other.execute("create table peer (id text, name text)");
    }
    catchThrowable(() -> GroupedPeerStore.openSqlite(file));
    try (HbbsFile other = new HbbsFile(file)) {
      assertThat(other.row("select group_concat(name) from sqlite_schema")).containsExactly("peer");
    }
  }

  @Test
  void refusesAFolderItMayNotWriteTo() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    Assumptions.assumeFalse(Files.isWritable(folder), "a superuser may write anywhere");
    assertRefused("let this user write");
  }

  @Test
  void refusesAFolderThatTakesNoFiles() throws Exception {
    file = Path.of("/proc/db_v2.sqlite3");
    Assumptions.assumeTrue(Files.isDirectory(file.getParent()), "Linux has such a folder");
    assertRefused("let this user write");
  }
}
