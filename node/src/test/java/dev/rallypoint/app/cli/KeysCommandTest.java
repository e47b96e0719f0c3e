package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysCommandTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() {
    shell = new Shell(folder);
  }

  @Test
  void generatesShowsAndChecksAPair() {
    assertThat(shell.run("keys", "generate", "--data", "k")).isZero();
    assertThat(shell.run("keys", "show", "--data", "k")).isZero();
    assertThat(shell.run("keys", "check", "--data", "k")).isZero();
    String text = KeyFiles.in(folder.resolve("k")).load().orElseThrow().publicKey().text();
    assertThat(shell.out().lines())
        .containsExactly(
            text,
            text,
            folder.resolve("k/id_ed25519") + " and its public half belong together.",
            "Paste into each client as Key: " + text,
            "In the log: key=" + AccessKey.fingerprint(text));
    assertThat(shell.err().strip()).isEqualTo("In the log: key=" + AccessKey.fingerprint(text));
  }

  @Test
  void looksForThePairWhereServeWould() {
    shell.environment.put("RALLYPOINT_DATA", "elsewhere");
    assertThat(shell.run("keys", "generate")).isZero();
    assertThat(folder.resolve("elsewhere/id_ed25519")).exists();
  }

  @Test
  void refusesToGenerateOverAPair() {
    assertThat(shell.run("keys", "generate")).isZero();
    String first = shell.publicKey();
    assertThat(shell.run("keys", "generate")).isEqualTo(2);
    assertThat(shell.err()).contains("--force");
    assertThat(shell.publicKey()).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "check"})
  void saysThatThereIsNoPair(String command) {
    assertThat(shell.run("keys", command)).isEqualTo(2);
    assertThat(shell.err()).contains("not there").hasLineCount(1);
  }

  @Test
  void findsASecretThatOthersCanRead() throws Exception {
    shell.run("keys", "generate");
    Files.setPosixFilePermissions(
        folder.resolve("id_ed25519"), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(shell.run("keys", "check")).isEqualTo(2);
    assertThat(shell.err()).contains("chmod 600");
  }

  @Test
  void tellsWhatKindOfTextAKeyIs() {
    SigningKey other = SigningKey.generate(new Random(1));
    shell.run("keys", "generate");
    String own = shell.publicKey();
    assertThat(shell.run("keys", "check", own)).isZero();
    assertThat(shell.run("keys", "check", other.publicKey().text())).isZero();
    assertThat(shell.run("keys", "check", other.secretText())).isZero();
    assertThat(shell.run("keys", "check", "sesame")).isZero();
    assertThat(shell.out())
        .contains("A public key, for clients. It is the one of " + folder)
        .contains("It is NOT the one of " + folder)
        .contains("A secret key, for the server only", other.publicKey().text())
        .contains("In the log: key=" + AccessKey.fingerprint("sesame"))
        .doesNotContain(AccessKey.fingerprint(other.secretText()))
        .contains("Neither a public nor a secret key")
        .doesNotContain(other.secretText());
  }

  private String serveWithADatabase() {
    shell.environment.put("DB_URL", TestPostgres.database());
    shell.run("serve");
    return shell
        .out()
        .lines()
        .filter(line -> line.startsWith("ready key="))
        .findFirst()
        .orElseThrow()
        .substring("ready key=".length());
  }

  @Test
  void showsAndChecksThePairOfACluster() {
    String key = serveWithADatabase();
    Shell later = new Shell(folder);
    later.environment.putAll(shell.environment);

    assertThat(later.run("keys", "show")).isZero();
    assertThat(later.run("keys", "check")).isZero();
    assertThat(later.run("keys", "check", key)).isZero();

    assertThat(later.out().lines().toList())
        .contains(key, "Paste into each client as Key: " + key)
        .anyMatch(line -> line.startsWith("The key pair is in the database postgresql://"))
        .anyMatch(line -> line.contains("It is the one of the database postgresql://"));
    assertThat(later.out()).doesNotContain("s3cret");
    assertThat(folder.resolve("id_ed25519")).doesNotExist();
  }

  @Test
  void readsTheDatabaseOfAConfigFile() throws Exception {
    String key = serveWithADatabase();
    Files.writeString(
        folder.resolve("rallypoint.ini"), "db-url = " + shell.environment.get("DB_URL"));
    Shell later = new Shell(folder);

    assertThat(later.run("keys", "show", "-c", "rallypoint.ini")).isZero();

    assertThat(later.out()).isEqualTo(key + System.lineSeparator());
  }

  @Test
  void tellsNobodyToGenerateAPairForAClusterThatHasNone() {
    shell.environment.put("DB_URL", TestPostgres.database());

    assertThat(shell.run("keys", "show")).isEqualTo(2);

    assertThat(shell.err())
        .contains("the first 'serve' puts one there")
        .doesNotContain("generate", "s3cret")
        .hasLineCount(1);
  }

  @Test
  void findsAPairInTheFolderThatIsNotTheClusters() {
    serveWithADatabase();
    KeyFiles.in(folder).loadOrCreate();

    assertThat(shell.run("keys", "check")).isEqualTo(2);

    assertThat(shell.err()).contains("id_ed25519 = another pair").hasLineCount(1);
  }
}
