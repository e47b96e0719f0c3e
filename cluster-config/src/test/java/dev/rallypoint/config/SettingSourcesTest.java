package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingSourcesTest {
  @TempDir Path folder;
  private Written written;

  @BeforeEach
  void begin() {
    written = new Written(folder);
  }

  @Test
  void hasHbbsDefaultsWhenNothingIsWritten() {
    NodeSettings node = written.node();
    assertThat(node.data()).isEqualTo(folder);
    assertThat(node.key().access()).isEqualTo("-");
    assertThat(node.bind()).isEmpty();
    assertThat(node.management().console()).isEqualTo(ConsoleMode.READ);
    assertThat(node.store()).isEqualTo(new SqliteSettings(folder.resolve("db_v2.sqlite3")));
    assertThat(node.rendezvous().port()).isEqualTo(21116);
    assertThat(node.rendezvous().natTestPort()).isEqualTo(21115);
    assertThat(node.rendezvous().relayServers()).isEmpty();
    assertThat(node.rendezvous().offlineAfter()).isEqualTo(Duration.ofSeconds(30));
    assertThat(node.relay().port()).isEqualTo(21117);
    assertThat(node.relay().tunnelIdle()).isEqualTo(Duration.ofHours(1));
    assertThat(node.relay().bandwidth())
        .isEqualTo(new BandwidthSettings(128, 1024, 32, 0.66, Duration.ofMinutes(30)));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          5001, 5002, 5003, 5004, 5001
              , 5002, 5003, 5004, 5002
              ,     , 5003, 5004, 5003
              ,     ,     , 5004, 5004
              ,     ,     ,     , 21116
          """)
  void takesTheStrongestSource(
      String flag, String ini, String dotEnv, String environment, int port) {
    if (flag != null) {
      written.flag("port", flag);
    }
    if (ini != null) {
      written.ini("port=" + ini);
    }
    if (dotEnv != null) {
      written.dotEnv("PORT=" + dotEnv);
    }
    if (environment != null) {
      written.environment("PORT", environment);
    }
    assertThat(written.node().rendezvous().port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RELAY-SERVERS",
        "RELAY_SERVERS",
        "relay-servers",
        "relay_servers",
        "Relay-Servers"
      })
  void knowsANameInEverySpellingWhereverItIsWritten(String name) {
    assertThat(written.environment(name, "a.example").node().rendezvous().relayServers())
        .containsExactly("a.example");
    assertThat(written.dotEnv(name + "=b.example").node().rendezvous().relayServers())
        .containsExactly("b.example");
    assertThat(written.ini(name + " = c.example").node().rendezvous().relayServers())
        .containsExactly("c.example");
    assertThat(written.flag(name, "d.example").node().rendezvous().relayServers())
        .containsExactly("d.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RALLYPOINT_OFFLINE_AFTER", "rallypoint-offline-after"})
  void readsOurOwnNamesFromTheEnvironmentWithThePrefix(String name) {
    assertThat(written.environment(name, "45s").node().rendezvous().offlineAfter())
        .isEqualTo(Duration.ofSeconds(45));
  }

  @Test
  void leavesOurOwnNamesWithoutThePrefixToOtherProgramsOfTheEnvironment() {
    written.environment("DATA", "/elsewhere").environment("CONSOLE", "tty");
    assertThat(written.node().data()).isEqualTo(folder);
  }

  @Test
  void prefersThePrefixedNameWhenAHostingPlatformSetsPort() {
    written.environment("PORT", "8080").environment("RALLYPOINT_PORT", "21200");
    assertThat(written.node().rendezvous().port()).isEqualTo(21200);
  }

  @Test
  void ignoresWhatKubernetesTellsOfAServiceNamedRallypoint() {
    written
        .environment("RALLYPOINT_PORT", "tcp://10.0.0.1:21116")
        .environment("RALLYPOINT_SERVICE_HOST", "10.0.0.1")
        .environment("RALLYPOINT_PORT_21116_TCP_ADDR", "10.0.0.1");
    LoadedSettings loaded = written.load();
    assertThat(loaded.node().rendezvous().port()).isEqualTo(21116);
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void tellsAnEmptyKeyFromAnAbsentOneInEverySource() {
    assertThat(written.environment("KEY", "").node().key().access()).isEmpty();
    assertThat(written.dotEnv("KEY=x").node().key().access()).isEqualTo("x");
    assertThat(written.dotEnv("KEY=").node().key().access()).isEmpty();
    assertThat(written.ini("key=y").node().key().access()).isEqualTo("y");
    assertThat(written.ini("key=").node().key().access()).isEmpty();
    assertThat(written.flag("key", "z").node().key().access()).isEqualTo("z");
    assertThat(written.flag("key", "").node().key().access()).isEmpty();
  }

  @Test
  void takesAnEmptyVariableAsNotWrittenWhereEmptyIsNoValue() {
    written.environment("PORT", "").dotEnv("DB_URL=\nRELAY-SERVERS=\n");
    assertThat(written.environment("RELAY-SERVERS", "a.example").node().rendezvous().port())
        .isEqualTo(21116);
    assertThat(written.node().rendezvous().relayServers()).isEmpty();
  }

  @Test
  void readsAnIniFileAsHbbsDoes() {
    written.ini(
        """
        ; a comment
        # another
        PORT = 21216
        relay_servers="a.example, b.example:21217"
        ALWAYS_USE_RELAY=Y   # on purpose
        key=abc=
        """);
    NodeSettings node = written.node();
    assertThat(node.rendezvous().port()).isEqualTo(21216);
    assertThat(node.relay().port()).isEqualTo(21217);
    assertThat(node.rendezvous().relayServers()).containsExactly("a.example", "b.example:21217");
    assertThat(node.rendezvous().alwaysUseRelay()).isTrue();
    assertThat(node.key().access()).isEqualTo("abc=");
  }

  @Test
  void warnsThatLinesUnderASectionAreNotRead() {
    written.ini("port=5000\n[relay]\nport=6000\nnonsense\n");
    assertThat(written.load().node().rendezvous().port()).isEqualTo(5000);
    assertThat(written.load().warnings())
        .containsExactly("hbbs.ini: what follows [relay] is not read, as in hbbs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          prot=1           | setting = prot (from hbbs.ini:1): unknown name, did you mean port?
          relay-server=a   | setting = relay-server (from hbbs.ini:1): unknown name, did you mean relay-servers?
          wholly-unheard=1 | setting = wholly-unheard (from hbbs.ini:1): unknown name, see docs/configuration.md for all of them
          just words       | hbbs.ini:1 = a line that is no setting: write name = value
          """)
  void refusesAnUnknownLineOfTheIniFile(String line, String message) {
    assertThatThrownBy(written.ini(line)::load)
        .isInstanceOf(SettingException.class)
        .hasMessage(message);
  }

  @Test
  void refusesAnUnknownFlagWithTheNearestName() {
    assertThatThrownBy(written.flag("offline-afer", "1m")::load)
        .hasMessage(
            "setting = offline-afer (from the command line): unknown name, did you mean offline-after?");
  }

  @Test
  void ignoresWhatIsClearlyNotOursInDotEnv() {
    written.dotEnv(
        """
        export POSTGRES_PASSWORD='s3cret # not a comment'
        COMPOSE_PROJECT_NAME=home
        DATA=/srv
        KEYS=1
        PORT=21300
        """);
    LoadedSettings loaded = written.load();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.node().rendezvous().port()).isEqualTo(21300);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          RELAY_SERVER, RELAY_SERVERS
          ALWAYS_USE_RELY, ALWAYS_USE_RELAY
          OFFLINE_AFTER, RALLYPOINT_OFFLINE_AFTER
          MAX_CONECTIONS, RALLYPOINT_MAX_CONNECTIONS
          RALLYPOINT_CONSOL, RALLYPOINT_CONSOLE
          RALLYPOINT_PORTS, RALLYPOINT_PORT
          """)
  void refusesANearMissInDotEnv(String name, String meant) {
    assertThatThrownBy(written.dotEnv("#\n" + name + "=1")::load)
        .hasMessage(
            "setting = %s (from .env:2): unknown name, did you mean %s?".formatted(name, meant));
  }

  @Test
  void refusesAMissedPrefixedNameInTheEnvironmentButOnlyWarnsOfAForeignOne() {
    assertThat(written.environment("RALLYPOINT_LAB", "required").load().warnings())
        .containsExactly(
            "RALLYPOINT_LAB (from the environment) has no effect: there is no setting of this name");
    assertThatThrownBy(written.environment("RALLYPOINT_RELAY_PROT", "1")::load)
        .hasMessageContaining("did you mean RALLYPOINT_RELAY_PORT?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RUST_LOG", "TEST_HBBS", "MAX_DATABASE_CONNECTIONS", "ENCRYPTED_ONLY"})
  void warnsInOneLineOfWhatMeansNothingHere(String name) {
    assertThat(written.environment(name, "x").load().warnings())
        .singleElement()
        .asString()
        .startsWith(name + " (from the environment) has no effect: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serial", "rendezvous-servers", "software-url"})
  void acceptsHbbsFlagsThatMeanNothingHere(String name) {
    assertThat(written.flag(name, "1").load().warnings()).hasSize(1);
  }

  @Test
  void saysNothingOfWordsThatManyEnvironmentsHold() {
    written.environment("PROXY", "x").environment("RELAY", "x").environment("SERIAL", "1");
    assertThat(written.load().warnings()).isEmpty();
  }

  @Test
  void refusesTwoSpellingsThatDiffer() {
    assertThatThrownBy(written.dotEnv("RELAY-SERVERS=a\nRELAY_SERVERS=b\n")::load)
        .hasMessage(
            "relay-servers = two values (from .env:2): RELAY-SERVERS and RELAY_SERVERS differ, keep one");
  }

  @Test
  void refusesAnIniFileThatIsNotThere() {
    assertThatThrownBy(written.iniAt("gone.ini")::load)
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("gone.ini: there is no such file");
  }

  @Test
  void refusesAnIniFileThatIsNotText() throws Exception {
    Files.write(folder.resolve("bin.ini"), new byte[] {'k', (byte) 0xFF, (byte) 0xFE, 0});
    assertThatThrownBy(written.iniAt("bin.ini")::load)
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("is not a text file in UTF-8");
  }

  @Test
  void neverShowsTheKey() {
    written.flag("key", "topsecret");
    assertThat(written.node().toString()).doesNotContain("topsecret");
    assertThatThrownBy(written.ini("key=topsecret\nKEY=topsecret2")::load)
        .isInstanceOf(SettingException.class)
        .message()
        .doesNotContain("topsecret");
  }
}
