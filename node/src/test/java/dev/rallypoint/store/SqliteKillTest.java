package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of its saves. */
class SqliteKillTest {
  @TempDir Path folder;

  private List<String> acknowledgedBeforeTheKill(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                SavingProcess.class.getName(),
                file.toString())
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    List<String> ids = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      for (String line; (line = out.readLine()) != null; ) {
        if (line.startsWith("peer-") && ids.add(line) && ids.size() == 3_000) {
          // Process.destroyForcibly would also close the stream with what is still in it.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    // The last line may be half of one.
    return ids.subList(0, Math.max(0, ids.size() - 1));
  }

  @Test
  void holdsEveryIdAKilledProcessAcknowledged() throws Exception {
    Path file = folder.resolve("db_v2.sqlite3");
    List<String> acknowledged = acknowledgedBeforeTheKill(file);

    assertThat(acknowledged).hasSizeGreaterThan(2_900);
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      for (String id : acknowledged) {
        assertThat(find(store, id)).contains(peer(id));
      }
    }
    assertThat(folder.resolve("tmp")).as("copies of the library").isEmptyDirectory();
  }
}
