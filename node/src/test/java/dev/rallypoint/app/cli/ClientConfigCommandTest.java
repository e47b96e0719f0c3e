package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.app.onboarding.ClientConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigCommandTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() {
    shell = new Shell(folder);
    shell.environment.put("BIND", "127.0.0.1");
  }

  @Test
  void printsWhatAClientIsGiven() {
    KeyFiles.in(folder).loadOrCreate();
    ClientConfig config = new ClientConfig("rd.example.org", "", shell.publicKey());

    assertThat(shell.run("client-config", "--host", "rd.example.org")).isZero();

    assertThat(shell.out().lines())
        .containsSequence(
            "ID server: rd.example.org",
            "Relay server: leave it empty",
            "API server: leave it empty",
            "Key: " + shell.publicKey(),
            "text to import: " + config.text(),
            "file name for Windows: " + config.fileName(),
            "",
            "ports: TCP 21114-21119, UDP 21116");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void printsAQrCodeWhenAskedFor() {
    KeyFiles.in(folder).loadOrCreate();
    assertThat(shell.run("client-config", "--host", "rd.example.org", "--qr")).isZero();
    assertThat(shell.out()).contains("█▀");
  }

  @Test
  void namesTheRelayThatClientsWouldNotFind() {
    KeyFiles.in(folder).loadOrCreate();
    shell.environment.put("RALLYPOINT_RELAY_PORT", "30000");
    assertThat(shell.run("client-config", "--host", "rd.example.org")).isZero();
    assertThat(shell.out()).contains("Relay server: rd.example.org:30000");
  }

  @Test
  void asksForTheNameAndNeverGivesALoopbackAddress() {
    KeyFiles.in(folder).loadOrCreate();
    assertThat(shell.run("client-config", "--qr")).isZero();
    assertThat(shell.err()).contains("--host NAME-OF-THIS-SERVER", "relay-name").hasLineCount(1);
    assertThat(shell.out())
        .contains("ID server: NAME-OF-THIS-SERVER", "Key: " + shell.publicKey())
        .doesNotContain("127.0.0.1", "text to import", "█");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "2001:db8::1", "rd.example.org:21116", "a b"})
  void refusesANameThatClientsCannotUse(String name) {
    KeyFiles.in(folder).loadOrCreate();
    assertThat(shell.run("client-config", "--host", name)).isEqualTo(2);
    assertThat(shell.err()).startsWith("rallypoint: --host = " + name + ": ").hasLineCount(1);
  }

  @Test
  void makesNoKey() {
    assertThat(shell.run("client-config", "--host", "rd.example.org")).isEqualTo(2);
    assertThat(shell.err()).contains("the first 'serve' makes a pair").hasLineCount(1);
    assertThat(folder.resolve("id_ed25519")).doesNotExist();
  }

  @Test
  void printsAKeyThatTheOperatorChose() {
    shell.environment.put("KEY", "sesame");
    assertThat(shell.run("client-config", "--host", "rd.example.org")).isZero();
    assertThat(shell.out()).contains("Key: sesame");
  }
}
