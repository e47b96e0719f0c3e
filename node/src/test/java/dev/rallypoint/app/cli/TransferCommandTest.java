package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.testing.HbbsFile;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferCommandTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() throws Exception {
    shell = new Shell(folder);
    try (HbbsFile hbbs = new HbbsFile(folder.resolve("db_v2.sqlite3")).createSchema()) {
      for (int i = 0; i < 3; i++) {
        hbbs.insert("12345678" + i, new byte[] {1}, new byte[] {2}, "{}");
      }
    }
  }

  @Test
  void importsTheFileOfTheDataFolderAndExportsItToAnother() throws Exception {
    shell.environment.put("DB_URL", TestPostgres.database());

    assertThat(shell.run("import")).isZero();
    assertThat(shell.run("import", "--from", "db_v2.sqlite3")).isZero();
    assertThat(shell.run("export", "--to", "back.sqlite3")).isZero();

    assertThat(shell.out().lines())
        .containsExactly(
            "imported 3, the same already 0, in conflict 0, left out 0",
            "imported 0, the same already 3, in conflict 0, left out 0",
            "exported 3 to " + folder.resolve("back.sqlite3"));
    try (HbbsFile back = new HbbsFile(folder.resolve("back.sqlite3"))) {
      assertThat(back.row("select count(*) from peer")).containsExactly(3);
    }
  }

  @Test
  void namesTheIdsThatAreInConflict() throws Exception {
    shell.environment.put("DB_URL", TestPostgres.database());
    shell.run("import");
    try (HbbsFile hbbs = new HbbsFile(folder.resolve("db_v2.sqlite3"))) {
      hbbs.execute("update peer set pk = x'ff' where id = '123456781'");
    }

    assertThat(shell.run("import")).isZero();

    assertThat(shell.out()).contains("imported 0, the same already 2, in conflict 1");
    assertThat(shell.err()).contains("kept as the database has them: 123456781");
  }

  @ParameterizedTest
  @ValueSource(strings = {"import", "export"})
  void needsAPostgresqlDatabase(String command) {
    assertThat(shell.run(command)).isEqualTo(2);
    assertThat(shell.err()).contains("db-url = ", "postgresql://").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"import", "export"})
  void teaches(String command) {
    assertThat(shell.run(command, "--help")).isZero();
    assertThat(shell.out()).contains("DB_URL=postgresql://", "bin/rallypoint " + command);
  }

  @Test
  void exportsTheClustersKeyPairSoThatHbbsStartsWithIt() throws Exception {
    shell.environment.put("DB_URL", TestPostgres.database());
    shell.run("serve", "--data", "node");
    Files.createDirectory(folder.resolve("hbbs"));

    assertThat(shell.run("export", "--to", "hbbs/db_v2.sqlite3")).isZero();

    KeyFiles keys = KeyFiles.in(folder.resolve("hbbs"));
    assertThat(keys.publicFile()).exists();
    assertThat(keys.isSecretReadableByOthers()).isFalse();
    assertThat(shell.out())
        .contains("ready key=" + keys.load().orElseThrow().publicKey().text())
        .contains("the key pair is in " + keys.secretFile());
  }

  @Test
  void exportsBesideTheSamePair() {
    shell.environment.put("DB_URL", TestPostgres.database());
    KeyFiles.in(folder).loadOrCreate();
    shell.run("serve");

    assertThat(shell.run("export", "--to", "back.sqlite3")).isZero();
  }

  @Test
  void refusesToExportBesideAnotherPairAndLeavesNoFile() {
    shell.environment.put("DB_URL", TestPostgres.database());
    shell.run("serve", "--data", "node");
    String other = KeyFiles.in(folder).loadOrCreate().publicKey().text();

    assertThat(shell.run("export", "--to", "back.sqlite3")).isEqualTo(2);

    assertThat(shell.err()).contains("id_ed25519 = another pair").hasLineCount(1);
    assertThat(folder.resolve("back.sqlite3")).doesNotExist();
    assertThat(shell.publicKey()).isEqualTo(other);
  }

  @Test
  void refusesToExportOverTheFileOfTheDataFolder() {
    shell.environment.put("DB_URL", TestPostgres.database());

    assertThat(shell.run("export")).isEqualTo(2);

    assertThat(shell.err()).contains("is there already").doesNotContain("s3cret");
  }
}
