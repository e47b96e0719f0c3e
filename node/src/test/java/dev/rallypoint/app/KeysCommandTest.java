package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.SigningKey;
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
            "Paste into each client as Key: " + text);
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
        .contains("Neither a public nor a secret key")
        .doesNotContain(other.secretText());
  }
}
