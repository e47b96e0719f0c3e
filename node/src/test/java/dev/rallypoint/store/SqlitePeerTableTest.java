package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.add;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.testing.HbbsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is so in SQLite only. */
class SqlitePeerTableTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("db_v2.sqlite3");
  }

  private void saveAll(PeerRow... rows) throws Exception {
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      for (PeerRow row : rows) {
        save(store, row);
      }
    }
  }

  private List<Object> read(String sql, String... arguments) throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file)) {
      return hbbs.row(sql, arguments);
    }
  }

  @Test
  void opensAnEmptyFile() throws Exception {
    Files.createFile(file);
    saveAll(peer("123456789"));
    assertThat(read("select id from peer")).containsExactly("123456789");
  }

  @Test
  void makesTheFolder() throws Exception {
    file = folder.resolve("new folder/it's deep/db_v2.sqlite3");
    saveAll(peer("123456789"));
    assertThat(file).isRegularFile();
  }

  @Test
  void leavesASoundFile() throws Exception {
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      IntStream.range(0, 3_000).forEach(i -> add(store, peer("peer-" + i)));
    }
    assertThat(read("pragma integrity_check")).containsExactly("ok");
  }

  @Test
  void leavesOneFileWhenItCloses() throws Exception {
    saveAll(peer("123456789"));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
