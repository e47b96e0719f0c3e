package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private final List<NodeSettings> started = new ArrayList<>();
  private final List<Runnable> terminations = new ArrayList<>();
  private RunningNode.Starter starter = this::start;
  private boolean isStoppedBySignal = true;
  private boolean isClosed;

  private int run(String... args) {
    return Main.run(
        new Surroundings(
            folder,
            environment,
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            terminations::add,
            (settings, key) -> starter.start(settings, key)),
        args);
  }

  /** A node that runs until the process is told to end, which happens at once. */
  private RunningNode start(NodeSettings settings, ServerKey key) {
    started.add(settings);
    return new RunningNode() {
      @Override
      public String readyLine() {
        return "ready key=" + key.publicText().orElse("none");
      }

      @Override
      public void awaitTermination() {
        if (isStoppedBySignal) {
          terminations.forEach(Runnable::run);
        }
      }

      @Override
      public void close() {
        isClosed = true;
      }
    };
  }

  private String publicKey() {
    return KeyFiles.in(folder).load().orElseThrow().publicKey().text();
  }

  @Test
  void showsHelpWithoutACommand() {
    assertThat(run()).isZero();
    assertThat(out.toString())
        .contains("21115/tcp, 21116/tcp, 21116/udp and 21117/tcp", "ID server:", "Key:");
  }

  @Test
  void tellsHowToServe() {
    assertThat(run("serve", "--help")).isZero();
    assertThat(out.toString())
        .contains("-r relay.example.org", "The strongest place of a setting first", "--set");
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void tellsItsVersion() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("rallypoint ");
  }

  @Test
  void endsInTheReadyLineAfterWhatANewcomerNeeds() {
    assertThat(run("serve")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "data folder: " + folder,
            "in each client, under Settings > Network > ID/Relay server:",
            "  ID server: this machine's name or address",
            "  Key: " + publicKey(),
            "ready key=" + publicKey());
    assertThat(err.toString()).isEmpty();
    assertThat(isClosed).isTrue();
  }

  @Test
  void handsFlagsFileAndEnvironmentToTheNode() throws Exception {
    Files.writeString(folder.resolve("hbbs.ini"), "rmem=65536\nport=1000\n");
    Files.writeString(folder.resolve(".env"), "ALWAYS_USE_RELAY=Y\n");
    environment.put("BIND", "127.0.0.1");
    int code =
        run(
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
    NodeSettings node = started.getFirst();
    assertThat(code).isZero();
    assertThat(node.data()).isEqualTo(folder.resolve("d"));
    assertThat(node.bind()).isEqualTo("127.0.0.1");
    assertThat(node.console()).isFalse();
    assertThat(node.rendezvous().port()).isEqualTo(30000);
    assertThat(node.rendezvous().receiveBuffer()).isEqualTo(65536);
    assertThat(node.rendezvous().alwaysUseRelay()).isTrue();
    assertThat(node.rendezvous().offlineAfter()).hasMinutes(1);
    assertThat(node.rendezvous().relayServers()).containsExactly("a.example", "b.example");
    assertThat(node.rendezvous().lan()).hasSize(1);
    assertThat(out.toString()).contains("  ID server: this machine's name or address, then :30000");
    assertThat(folder.resolve("d/id_ed25519")).exists();
  }

  @Test
  void takesAnEmptyKeyFlagAsNoKeyCheckAndWarns() {
    environment.put("KEY", "sesame");
    assertThat(run("serve", "-k", "")).isZero();
    assertThat(started.getFirst().key()).isEmpty();
    assertThat(err.toString()).startsWith("warning: the key check is off").hasLineCount(1);
    assertThat(out.toString()).contains("  Key: " + publicKey());
  }

  @Test
  void takesHbbsUsualKeyFlags() {
    assertThat(run("serve", "-k", "-")).isZero();
    assertThat(run("serve", "-k", "_")).isZero();
    assertThat(started).extracting(NodeSettings::key).containsExactly("-", "_");
  }

  @Test
  void doesNotPrintAKeyThatTheOperatorChose() {
    assertThat(run("serve", "-k", "sesame")).isZero();
    assertThat(out + "" + err).doesNotContain("sesame");
  }

  @Test
  void warnsWhenThePublicKeyHasNoSecret() {
    String text = SigningKey.generate(new Random(1)).publicKey().text();
    assertThat(run("serve", "-k", text)).isZero();
    assertThat(err.toString()).contains("warning: key is a public key without its secret");
    assertThat(out.toString()).contains("  Key: " + text);
  }

  @Test
  void warnsWhenClientsCannotFindTheRelay() {
    assertThat(run("serve", "--relay-port", "30000")).isZero();
    assertThat(err.toString())
        .contains("warning: clients look for the relay on port 21117 and it listens on 30000");
  }

  @Test
  void saysNothingOfTheRelaysPortWhenRelaysAreNamed() {
    assertThat(run("serve", "--relay-port", "30000", "-r", "h:30000")).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void acceptsHbbsFlagsWithoutEffectWithOneWarningEach() {
    assertThat(run("serve", "-s", "1", "-R", "x", "-u", "y")).isZero();
    assertThat(err.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("warning: "));
  }

  @Test
  void warnsOfASecretThatOthersCanRead() throws Exception {
    KeyFiles files = KeyFiles.in(folder);
    files.loadOrCreate();
    Files.setPosixFilePermissions(files.secretFile(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run("serve")).isZero();
    assertThat(err.toString()).contains("chmod 600");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serve -p 0              | port = 0 (from the command line): write a number from 3 to 65533
          serve -p x              | port = x (from the command line): write a whole number
          serve --prot 1          | unknown flag --prot: did you mean --port?
          serve --relay-server=a  | unknown flag --relay-server: did you mean --relay-servers?
          serve --offline-after 1 | unknown flag --offline-after: did you mean --set offline-after=VALUE?
          serve --zzzzzzzzzz      | unknown flag --zzzzzzzzzz: see --help
          serve --set port        | --set = port: write NAME=VALUE
          serve --set prot=1      | setting = prot (from the command line): unknown name, did you mean port?
          serve -p 1 --set port=2 | port = two values: write it once on the command line
          serve -k -p             | Expected parameter for option '--key' but found '-p'
          serve -p                | Missing required parameter for option '--port' (PORT)
          serve now               | unknown word now: see --help
          serv                    | unknown word serv: did you mean serve?
          keys shwo               | unknown word shwo: did you mean show?
          keys show --foo         | unknown flag --foo: see --help
          """)
  void refusesABadFlagInOneLineWithCode2(String line, String message) {
    assertThat(run(line.strip().split(" "))).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("rallypoint: " + message + System.lineSeparator());
    assertThat(started).isEmpty();
  }

  @Test
  void refusesACorruptKeyFileInOneLineWithCode2() throws Exception {
    Files.writeString(folder.resolve("id_ed25519"), "corrupt");
    assertThat(run("serve")).isEqualTo(2);
    assertThat(err.toString()).contains("id_ed25519 = not a key pair").hasLineCount(1);
  }

  @Test
  void refusesALogLevelThatIsNone() {
    environment.put("LOG_LEVEL", "loud");
    assertThat(run("serve")).isEqualTo(2);
    assertThat(err.toString()).startsWith("rallypoint: LOG_LEVEL = loud").hasLineCount(1);
  }

  @Test
  void saysInOneLineWhyTheNodeRefusesToStart() {
    starter =
        (_, _) -> {
          throw new SettingException("port", 21116, "another program listens there");
        };
    assertThat(run("serve")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "rallypoint: port = 21116: another program listens there" + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void endsWith1AndTheTraceOfAnUnexpectedFault() {
    starter =
        (_, _) -> {
          throw new IllegalStateException("broken");
        };
    assertThat(run("serve")).isEqualTo(1);
    assertThat(err.toString()).contains("an unexpected fault", "IllegalStateException: broken");
  }

  @Test
  void endsWith1WhenTheNodeStopsByItself() {
    isStoppedBySignal = false;
    assertThat(run("serve")).isEqualTo(1);
    assertThat(err.toString()).contains("stopped by itself");
  }

  @Test
  void generatesShowsAndChecksAPair() {
    assertThat(run("keys", "generate", "--data", "k")).isZero();
    assertThat(run("keys", "show", "--data", "k")).isZero();
    assertThat(run("keys", "check", "--data", "k")).isZero();
    String text = KeyFiles.in(folder.resolve("k")).load().orElseThrow().publicKey().text();
    assertThat(out.toString().lines())
        .containsExactly(
            text,
            text,
            folder.resolve("k/id_ed25519") + " and its public half belong together.",
            "Paste into each client as Key: " + text);
  }

  @Test
  void looksForThePairWhereServeWould() {
    environment.put("RALLYPOINT_DATA", "elsewhere");
    assertThat(run("keys", "generate")).isZero();
    assertThat(folder.resolve("elsewhere/id_ed25519")).exists();
  }

  @Test
  void refusesToGenerateOverAPair() {
    assertThat(run("keys", "generate")).isZero();
    String first = publicKey();
    assertThat(run("keys", "generate")).isEqualTo(2);
    assertThat(err.toString()).contains("--force");
    assertThat(publicKey()).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "check"})
  void saysThatThereIsNoPair(String command) {
    assertThat(run("keys", command)).isEqualTo(2);
    assertThat(err.toString()).contains("not there").hasLineCount(1);
  }

  @Test
  void findsASecretThatOthersCanRead() throws Exception {
    run("keys", "generate");
    Files.setPosixFilePermissions(
        folder.resolve("id_ed25519"), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(run("keys", "check")).isEqualTo(2);
    assertThat(err.toString()).contains("chmod 600");
  }

  @Test
  void tellsWhatKindOfTextAKeyIs() {
    SigningKey other = SigningKey.generate(new Random(1));
    run("keys", "generate");
    String own = publicKey();
    assertThat(run("keys", "check", own)).isZero();
    assertThat(run("keys", "check", other.publicKey().text())).isZero();
    assertThat(run("keys", "check", other.secretText())).isZero();
    assertThat(run("keys", "check", "sesame")).isZero();
    assertThat(out.toString())
        .contains("A public key, for clients. It is the one of " + folder)
        .contains("It is NOT the one of " + folder)
        .contains("A secret key, for the server only", other.publicKey().text())
        .contains("Neither a public nor a secret key")
        .doesNotContain(other.secretText());
  }

  @Test
  void listsEverySettingWithItsMeaning() {
    assertThat(run("settings")).isZero();
    assertThat(out.toString()).contains("port = 21116", "relay-idle-timeout = 60s");
  }
}
