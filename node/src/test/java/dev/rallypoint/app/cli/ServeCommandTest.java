package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.rallypoint.app.Shell;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class ServeCommandTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() {
    shell = new Shell(folder);
  }

  @Test
  void tellsHowToServe() {
    assertThat(shell.run("serve", "--help")).isZero();
    assertThat(shell.out())
        .contains("-r relay.example.org", "The strongest place of a setting first", "--set");
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void endsInTheReadyLineAfterWhatANewcomerNeeds() {
    shell.environment.put("BIND", "127.0.0.1"); // nobody's address is known then
    assertThat(shell.run("serve")).isZero();
    assertThat(shell.out().lines())
        .containsExactly(
            "data folder: " + folder,
            "in each client, under Settings > Network > ID/Relay server:",
            "  ID server: this machine's name or address",
            "  Key: " + shell.publicKey(),
            "QR code, text to import, firewall lines: rallypoint client-config --host"
                + " NAME-OF-THIS-SERVER",
            "ready key=" + shell.publicKey());
    assertThat(shell.err()).isEmpty();
    assertThat(shell.isClosed).isTrue();
  }

  @Test
  void handsFlagsFileAndEnvironmentToTheNode() throws Exception {
    Files.writeString(folder.resolve("hbbs.ini"), "rmem=65536\nport=1000\n");
    Files.writeString(folder.resolve(".env"), "ALWAYS_USE_RELAY=Y\n");
    shell.environment.put("BIND", "127.0.0.1");
    int code =
        shell.run(
            "serve",
            "-c",
            "hbbs.ini",
            "-p",
            "30000",
            "-r",
            "a.example,b.example",
            "--data",
            "d",
            "--set",
            "console=N",
            "--set",
            "Offline_After=1m",
            "--mask",
            "10.0.0.0/8");
    NodeSettings node = shell.started.getFirst();
    assertThat(code).isZero();
    assertThat(node.data()).isEqualTo(folder.resolve("d"));
    assertThat(node.bind()).isEqualTo("127.0.0.1");
    assertThat(node.management().console()).isEqualTo(ConsoleMode.OFF);
    assertThat(node.rendezvous().port()).isEqualTo(30000);
    assertThat(node.rendezvous().receiveBuffer()).isEqualTo(65536);
    assertThat(node.rendezvous().alwaysUseRelay()).isTrue();
    assertThat(node.rendezvous().offlineAfter()).hasMinutes(1);
    assertThat(node.rendezvous().relayServers()).containsExactly("a.example", "b.example");
    assertThat(node.rendezvous().lan()).hasSize(1);
    assertThat(shell.out()).contains("  ID server: this machine's name or address, then :30000");
    assertThat(folder.resolve("d/id_ed25519")).exists();
  }

  @Test
  void takesAnEmptyKeyFlagAsNoKeyCheckAndWarns() {
    shell.environment.put("KEY", "sesame");
    assertThat(shell.run("serve", "-k", "")).isZero();
    assertThat(shell.started.getFirst().key().access()).isEmpty();
    assertThat(shell.err()).startsWith("warning: the key check is off").hasLineCount(1);
    assertThat(shell.out()).contains("  Key: " + shell.publicKey());
  }

  @Test
  void takesHbbsUsualKeyFlags() {
    assertThat(shell.run("serve", "-k", "-")).isZero();
    assertThat(shell.run("serve", "-k", "_")).isZero();
    assertThat(shell.started).extracting(node -> node.key().access()).containsExactly("-", "_");
  }

  @Test
  void doesNotPrintAKeyThatTheOperatorChose() {
    assertThat(shell.run("serve", "-k", "sesame")).isZero();
    assertThat(shell.out() + shell.err()).doesNotContain("sesame");
  }

  @Test
  void warnsWhenThePublicKeyHasNoSecret() {
    String text = SigningKey.generate(new Random(1)).publicKey().text();
    assertThat(shell.run("serve", "-k", text)).isZero();
    assertThat(shell.err()).contains("warning: key is a public key without its secret");
    assertThat(shell.out()).contains("  Key: " + text);
  }

  @Test
  void advisesNoSecretToARelay() {
    String text = SigningKey.generate(new Random(1)).publicKey().text();
    assertThat(shell.run("serve", "-k", text, "--roles", "relay", "--relay-port", "30000"))
        .isZero();
    assertThat(shell.err()).isEmpty();
    assertThat(shell.out()).contains("a relay only").doesNotContain("ID server: this");
  }

  @Test
  void setsTheLogLevelThatDotEnvNames() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    // The tests have a configuration of their own, which no level changes.
    String tests = System.clearProperty("logback.configurationFile");
    try {
      Files.writeString(folder.resolve(".env"), "LOG_LEVEL=ERROR\n");
      assertThat(shell.run("serve")).isZero();
      assertThat(root.getLevel()).isEqualTo(Level.ERROR);
    } finally {
      root.setLevel(before);
      if (tests != null) {
        System.setProperty("logback.configurationFile", tests);
      }
    }
  }

  @Test
  void warnsWhenClientsCannotFindTheRelay() {
    assertThat(shell.run("serve", "--relay-port", "30000")).isZero();
    assertThat(shell.err())
        .contains("warning: clients look for the relay on port 21117 and it listens on 30000");
  }

  @Test
  void saysNothingOfTheRelaysPortWhenRelaysAreNamed() {
    assertThat(shell.run("serve", "--relay-port", "30000", "-r", "h:30000")).isZero();
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void acceptsHbbsFlagsWithoutEffectWithOneWarningEach() {
    assertThat(shell.run("serve", "-s", "1", "-R", "x", "-u", "y")).isZero();
    assertThat(shell.err().lines()).hasSize(3).allMatch(line -> line.startsWith("warning: "));
  }

  @Test
  void warnsOfASecretThatOthersCanRead() throws Exception {
    KeyFiles files = KeyFiles.in(folder);
    files.loadOrCreate();
    Files.setPosixFilePermissions(files.secretFile(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(shell.run("serve")).isZero();
    assertThat(shell.err()).contains("chmod 600");
  }

  @Test
  void refusesACorruptKeyFileInOneLineWithCode2() throws Exception {
    Files.writeString(folder.resolve("id_ed25519"), "corrupt");
    assertThat(shell.run("serve")).isEqualTo(2);
    assertThat(shell.err()).contains("id_ed25519 = not a key pair").hasLineCount(1);
  }

  @Test
  void refusesALogLevelThatIsNone() {
    shell.environment.put("LOG_LEVEL", "loud");
    assertThat(shell.run("serve")).isEqualTo(2);
    assertThat(shell.err())
        .startsWith("rallypoint: log-level = loud (from the environment)")
        .hasLineCount(1);
  }

  @Test
  void saysInOneLineWhyTheNodeRefusesToStart() {
    shell.starter =
        (_, _, _) -> {
          throw new SettingException("port", 21116, "another program listens there");
        };
    assertThat(shell.run("serve")).isEqualTo(2);
    assertThat(shell.err())
        .isEqualTo(
            "rallypoint: port = 21116: another program listens there" + System.lineSeparator());
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void endsWith1AndTheTraceOfAnUnexpectedFault() {
    shell.starter =
        (_, _, _) -> {
          throw new IllegalStateException("broken");
        };
    assertThat(shell.run("serve")).isEqualTo(1);
    assertThat(shell.err()).contains("an unexpected fault", "IllegalStateException: broken");
  }

  @Test
  void endsInOrderWithCode0WhenItIsToldToWhileTheNodeStarts() {
    AtomicInteger ended = new AtomicInteger();
    shell.starter =
        (_, _, ending) -> {
          ending.accept(ended::incrementAndGet);
          shell.tellToEnd();
          throw new IllegalStateException("it is ended");
        };
    assertThat(shell.run("serve")).isZero();
    assertThat(ended).hasValue(1);
    assertThat(shell.out() + shell.err()).isEmpty();
  }

  @Test
  void endsWith1WhenTheNodeStopsByItself() {
    shell.isStoppedBySignal = false;
    assertThat(shell.run("serve")).isEqualTo(1);
    assertThat(shell.err()).contains("stopped by itself: it was told so");
  }

  @Test
  void warnsOfASecretOnTheCommandLineWithoutShowingIt() {
    String secret = SigningKey.generate(new Random(1)).secretText();

    assertThat(shell.run("serve", "-k", secret)).isZero();

    assertThat(shell.err())
        .startsWith(
            "warning: key is on the command line, which every user of this machine can read")
        .hasLineCount(1)
        .doesNotContain(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "-k, sesame, key",
    "--key, sesame, key",
    "--set, key=sesame, key",
    "--set, db_url=postgresql://me:sesame@192.0.2.1/peers?connectTimeout=1, db-url",
  })
  void namesEachSettingWhoseSecretIsOnTheCommandLine(String flag, String value, String setting) {
    CommandLine serve = ServeFlags.on(new ServeCommand(new Shell(folder).context()));
    serve.parseArgs(flag, value);

    assertThat(
            ServeFlags.visibleSecrets(
                serve.getCommandSpec(),
                ServeFlags.sources(serve.getCommandSpec(), shell.context()).load().node()))
        .singleElement()
        .asString()
        .startsWith(setting + " is on the command line")
        .doesNotContain("sesame");
  }

  @Test
  void saysNothingOfAKeyThatIsNoSecretOrStandsElsewhere() throws Exception {
    Files.writeString(folder.resolve("key"), SigningKey.generate(new Random(1)).secretText());
    assertThat(shell.run("serve", "-k", "key")).isZero();
    shell.environment.put("KEY", "sesame");
    assertThat(shell.run("serve")).isZero();
    assertThat(shell.run("serve", "-k", "-")).isZero();

    assertThat(shell.err()).isEmpty();
  }

  @Test
  void warnsOfAnEmptyDatabaseBesideAnOldPair() throws Exception {
    KeyFiles.in(folder).loadOrCreate();
    Files.createFile(
        folder.resolve("db_v2.sqlite3"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

    assertThat(shell.run("serve")).isZero();

    assertThat(shell.err()).contains("db_v2.sqlite3 is an empty file").hasLineCount(1);
  }
}
