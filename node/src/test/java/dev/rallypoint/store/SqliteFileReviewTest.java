package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a database: their permissions, and what is said of them before a start. */
class SqliteFileReviewTest {
  @TempDir Path folder;
  private Path data;
  private Path file;

  @BeforeEach
  void begin() {
    data = folder.resolve("data");
    file = data.resolve("db_v2.sqlite3");
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void setMode(Path path, String mode) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  /** A file with a peer and a log that was not written into it, as a killed process leaves them. */
  private Path killedBeside(Path log) throws Exception {
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      save(store, peer("123456789"));
      Files.copy(data.resolve("db_v2.sqlite3-wal"), log);
    }
    return Files.move(log, data.resolve("db_v2.sqlite3-wal"));
  }

  @Test
  void nobodyElseCanReadWhatIsMade() throws Exception {
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      save(store, peer("123456789"));

      assertThat(mode(data)).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(data)) {
        assertThat(files.toList())
            .hasSize(3)
            .allSatisfy(made -> assertThat(mode(made)).as("%s", made).isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void keepsThePermissionsOfWhatIsThere() throws Exception {
    Files.createDirectory(data);
    Files.createFile(file);
    setMode(data, "rwxr-xr-x");
    setMode(file, "rw-rw----");

    GroupedPeerStore.openSqlite(file).close();

    assertThat(mode(data)).isEqualTo("rwxr-xr-x");
    assertThat(mode(file)).isEqualTo("rw-rw----");
  }

  @Test
  void saysNothingOfFilesAsANodeMakesThem() throws Exception {
    killedBeside(folder.resolve("log"));

    assertThat(SqliteFileReview.warnings(file, true)).isEmpty();
  }

  @Test
  void saysNothingOfAFolderInItsPlace() throws Exception {
    Files.createDirectories(file);
    setMode(file, "rwxr-xr-x");
    assertThat(SqliteFileReview.warnings(file, false)).isEmpty();
  }

  @Test
  void saysNothingWhereThereIsNoFileYet() {
    assertThat(SqliteFileReview.warnings(file, true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
  void warnsOfAFileThatOthersCanRead(String mode) throws Exception {
    GroupedPeerStore.openSqlite(file).close();
    setMode(file, mode);

    assertThat(SqliteFileReview.warnings(file, true))
        .singleElement()
        .asString()
        .contains(file.toString(), "chmod 600");
  }

  @Test
  void warnsOfAFolderThatOthersCanWrite() throws Exception {
    GroupedPeerStore.openSqlite(file).close();
    setMode(data, "rwxrwx---");

    assertThat(SqliteFileReview.warnings(file, true))
        .containsExactly(data + " can be written by others: chmod 700 it");
  }

  @Test
  void warnsOfAnEmptyFileWhereANodeHasBeenBefore() throws Exception {
    Files.createDirectories(data);
    PrivateFiles.createFile(file);

    assertThat(SqliteFileReview.warnings(file, true))
        .singleElement()
        .asString()
        .contains("is an empty file", "restore it from a backup");
    assertThat(SqliteFileReview.warnings(file, false)).isEmpty();
  }

  @Test
  void warnsOfALogOfNoise() throws Exception {
    Path log = killedBeside(folder.resolve("log"));
    byte[] noise = new byte[Math.toIntExact(Files.size(log))];
    new Random(7).nextBytes(noise);
    Files.write(log, noise);

    assertThat(SqliteFileReview.warnings(file, true))
        .singleElement()
        .asString()
        .contains(log + " cannot be read", "lost");
  }

  @Test
  void warnsOfALogWithOneWrongBitInItsHeader() throws Exception {
    Path log = killedBeside(folder.resolve("log"));
    byte[] bytes = Files.readAllBytes(log);
    bytes[9] ^= 1;
    Files.write(log, bytes);

    assertThat(SqliteFileReview.warnings(file, true)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 32, 40, 4_000})
  void saysNothingOfALogThatACrashCutOff(int length) throws Exception {
    Path log = killedBeside(folder.resolve("log"));
    byte[] bytes = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(bytes, length));

    assertThat(SqliteFileReview.warnings(file, true)).isEmpty();
  }
}
