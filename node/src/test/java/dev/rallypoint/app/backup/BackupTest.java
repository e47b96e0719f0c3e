package dev.rallypoint.app.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.testing.HbbsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a data folder, and the folder that it is restored into. */
class BackupTest {
  @TempDir Path folder;
  private Shell shell;
  private Path file;
  private Path copy;

  @BeforeEach
  void begin() throws Exception {
    shell = new Shell(folder);
    file = folder.resolve("all.zip");
    copy = folder.resolve("copy");
    try (HbbsFile hbbs = new HbbsFile(folder.resolve("db_v2.sqlite3")).createSchema()) {
      for (int i = 0; i < 3; i++) {
        hbbs.insert("12345678" + i, new byte[] {1}, new byte[] {2}, "{}");
      }
    }
    KeyFiles.in(folder).loadOrCreate();
    Files.writeString(folder.resolve("blocklist.txt"), "203.0.113.9\n");
  }

  private int restore(String... more) {
    return shell.run(
        Stream.concat(Stream.of("restore", "all.zip", "--data", "copy"), Stream.of(more))
            .toArray(String[]::new));
  }

  private List<String> names(Path of) throws Exception {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static long peers(Path database) throws Exception {
    try (HbbsFile hbbs = new HbbsFile(database)) {
      return ((Number) hbbs.row("select count(*) from peer").getFirst()).longValue();
    }
  }

  @Test
  void isOnePrivateFileOfThePeersTheKeyPairAndTheLists() throws Exception {
    assertThat(shell.run("backup", "all.zip")).isZero();

    assertThat(shell.out())
        .contains("key: " + shell.publicKey(), "backed up 3 peers to " + file)
        .doesNotContain(KeyFiles.in(folder).load().orElseThrow().secretText());
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream().map(entry -> entry.getName()))
          .containsExactlyInAnyOrder(
              "db_v2.sqlite3",
              "id_ed25519",
              "id_ed25519.pub",
              "blocklist.txt",
              "rallypoint-backup.json");
    }
    assertThat(names(folder)).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void isRestoredIntoANewFolder() throws Exception {
    shell.run("backup", "all.zip");

    assertThat(restore()).as(shell.err()).isZero();

    assertThat(KeyFiles.in(copy).load().orElseThrow().publicKey().text())
        .isEqualTo(shell.publicKey());
    assertThat(KeyFiles.in(copy).isSecretReadableByOthers()).isFalse();
    assertThat(peers(copy.resolve("db_v2.sqlite3"))).isEqualTo(3);
    assertThat(copy.resolve("blocklist.txt")).hasContent("203.0.113.9\n");
    assertThat(Files.getPosixFilePermissions(copy.resolve("db_v2.sqlite3")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(names(copy))
        .containsExactly(
            "blocklist.txt", "db_v2.sqlite3", "id_ed25519", "id_ed25519.pub", "rallypoint.lock");
  }

  @Test
  void hasTheAccountsToo() throws Exception {
    try (HbbsFile accounts = new HbbsFile(folder.resolve("api.sqlite3")).createSchema()) {
      accounts.row("pragma journal_mode = wal");
      accounts.insert("123456789", new byte[] {1}, new byte[] {2}, "{}");
      assertThat(shell.run("backup", "all.zip")).as(shell.err()).isZero();
    }
    Files.createDirectories(copy);
    Files.writeString(copy.resolve("api.sqlite3"), "older accounts");

    assertThat(restore("--replace")).as(shell.err()).isZero();

    assertThat(peers(copy.resolve("api.sqlite3"))).isEqualTo(1);
    assertThat(names(copy)).anyMatch(name -> name.startsWith("before-restore-"));
  }

  @Test
  void hasWhatTheWalFileHas() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(folder.resolve("db_v2.sqlite3"))) {
      hbbs.row("pragma journal_mode = wal");
      hbbs.insert("987654321", new byte[] {1}, new byte[] {2}, "{}");
      assertThat(shell.run("backup", "all.zip")).as(shell.err()).isZero();
    }
    restore();
    assertThat(peers(copy.resolve("db_v2.sqlite3"))).isEqualTo(4);
  }

  @Test
  void waitsForNoWriter() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(folder.resolve("db_v2.sqlite3"))) {
      hbbs.row("pragma journal_mode = wal");
      hbbs.execute("begin immediate");
      hbbs.insert("987654321", new byte[] {1}, new byte[] {2}, "{}");
      assertThat(shell.run("backup", "all.zip")).as(shell.err()).isZero();
    }
    assertThat(shell.out()).contains("backed up 3 peers");
  }

  @Test
  void replacesNoFile() throws Exception {
    Files.writeString(file, "the only backup");
    assertThat(shell.run("backup", "all.zip")).isEqualTo(2);
    assertThat(shell.err()).contains("backup = " + file, "is there already").hasLineCount(1);
    assertThat(file).hasContent("the only backup");
  }

  @Test
  void needsADatabase() {
    assertThat(shell.run("backup", "all.zip", "--data", "elsewhere")).isEqualTo(2);
    assertThat(shell.err()).contains("db-url = ", "there is no such file").hasLineCount(1);
    assertThat(file).doesNotExist();
  }

  @Test
  void hasThePairThatIsSetAsTheKey() throws Exception {
    Files.delete(folder.resolve("id_ed25519.pub"));
    String secret = Files.readString(folder.resolve("id_ed25519"));
    String key = shell.publicKey();
    Files.delete(folder.resolve("id_ed25519.pub"));
    Files.delete(folder.resolve("id_ed25519"));
    shell.environment.put("KEY", secret);

    shell.run("backup", "all.zip");

    restore();
    assertThat(KeyFiles.in(copy).load().orElseThrow().publicKey().text()).isEqualTo(key);
  }

  @Test
  void isNotRestoredIntoAFolderOfAnotherIdentity() {
    shell.run("backup", "all.zip");
    String other = KeyFiles.in(copy).loadOrCreate().publicKey().text();

    assertThat(restore()).isEqualTo(2);

    assertThat(shell.err())
        .contains("another key pair", other, "--replace puts it and the database aside")
        .hasLineCount(1);
    assertThat(KeyFiles.in(copy).load().orElseThrow().publicKey().text()).isEqualTo(other);
  }

  @Test
  void isNotRestoredOverPeers() throws Exception {
    shell.run("backup", "all.zip");
    assertThat(shell.run("restore", "all.zip")).isEqualTo(2);
    assertThat(shell.err()).contains("db_v2.sqlite3 has peers; --replace").hasLineCount(1);
  }

  @Test
  void putsAsideWhatTheFolderHas() throws Exception {
    shell.run("backup", "all.zip");
    KeyFiles.in(copy).loadOrCreate();
    try (HbbsFile other = new HbbsFile(copy.resolve("db_v2.sqlite3")).createSchema()) {
      other.insert("555555555", new byte[] {1}, new byte[] {2}, "{}");
    }

    assertThat(restore("--replace")).as(shell.err()).isZero();

    assertThat(peers(copy.resolve("db_v2.sqlite3"))).isEqualTo(3);
    String aside =
        names(copy).stream()
            .filter(name -> name.startsWith("before-restore-"))
            .findAny()
            .orElseThrow();
    assertThat(names(copy.resolve(aside)))
        .containsExactly("db_v2.sqlite3", "id_ed25519", "id_ed25519.pub");
    assertThat(peers(copy.resolve(aside).resolve("db_v2.sqlite3"))).isEqualTo(1);
    assertThat(shell.out()).contains("what was there is in " + copy.resolve(aside));
  }

  @Test
  void warnsThatAnotherPairIsSet() {
    shell.run("backup", "all.zip");
    shell.environment.put("KEY", KeyFiles.in(folder.resolve("x")).loadOrCreate().secretText());
    assertThat(restore()).isZero();
    assertThat(shell.err()).contains("warning: the setting key is another pair").hasLineCount(1);
  }

  @Test
  void teaches() {
    assertThat(shell.run("backup", "--help")).isZero();
    assertThat(shell.run("restore", "--help")).isZero();
    assertThat(shell.out()).contains("mode 600", "bin/rallypoint backup ", "Exit codes:");
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 100);
  }
}
