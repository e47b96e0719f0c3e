package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.log.LogLevel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings as operators, Docker and hbbs's images really write them. */
class OperatorsFilesTest {
  @TempDir Path folder;
  private Written written;

  @BeforeEach
  void begin() {
    written = new Written(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a.example\"", "'a.example'", " a.example ", "“a.example”"})
  void takesQuotesOffWhereverAValueIsWritten(String value) {
    assertThat(written.environment("RELAY_SERVERS", value).node().rendezvous().relayServers())
        .containsExactly("a.example");
    assertThat(written.dotEnv("RELAY_SERVERS=" + value).node().rendezvous().relayServers())
        .containsExactly("a.example");
    assertThat(written.ini("relay-servers = " + value).node().rendezvous().relayServers())
        .containsExactly("a.example");
    assertThat(written.flag("relay-servers", value).node().rendezvous().relayServers())
        .containsExactly("a.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a.example,b.example\"",
        "\"a.example\", \"b.example\"",
        "'a.example','b.example'"
      })
  void takesQuotesOffListsAndTheirParts(String value) {
    assertThat(written.environment("RELAY_SERVERS", value).node().rendezvous().relayServers())
        .containsExactly("a.example", "b.example");
    assertThat(written.dotEnv("RELAY_SERVERS=" + value).node().rendezvous().relayServers())
        .containsExactly("a.example", "b.example");
  }

  @ParameterizedTest
  @CsvSource({
    "PORT, '\"22000\"'",
    "KEY, '\"sesame\"'",
    "BIND, '\"127.0.0.1\"'",
    "ALWAYS_USE_RELAY, '\"Y\"'",
    "MASK, '\"10.0.0.0/8\"'",
    "LOG_LEVEL, '\"debug\"'",
    "RALLYPOINT_DATA, '\"d\"'",
    "RALLYPOINT_OFFLINE_AFTER, '\"45s\"'",
    "RALLYPOINT_ROLES, '\"relay\"'"
  })
  void takesQuotesOffEveryKindOfSetting(String name, String value) {
    LoadedSettings quoted = written.environment(name, value).load();
    LoadedSettings bare = written.environment(name, value.replace("\"", "")).load();
    assertThat(quoted).isEqualTo(bare);
  }

  @ParameterizedTest
  @CsvSource({"KEY", "PORT", "DB_URL", "RELAY_SERVERS", "BIND", "LOG_LEVEL", "KEY_PRIV"})
  void takesAnEmptyValueInQuotesForAnEmptyOne(String name) {
    LoadedSettings quoted = written.environment(name, "\"\"").load();
    assertThat(quoted).isEqualTo(written.environment(name, "").load());
  }

  @Test
  void readsFilesWithAMarkAndLineEndsOfWindows() {
    written.dotEnv("\uFEFFPORT=22000\r\nKEY=sesame\r\n").ini("\uFEFFrmem = 65536\r\n");
    NodeSettings node = written.node();
    assertThat(node.rendezvous().port()).isEqualTo(22000);
    assertThat(node.key().access()).isEqualTo("sesame");
    assertThat(node.rendezvous().receiveBuffer()).isEqualTo(65536);
  }

  @Test
  void readsAFileThatPowerShellMade() throws Exception {
    Files.write(folder.resolve(".env"), "\uFEFFPORT=22000".getBytes(StandardCharsets.UTF_16LE));
    assertThat(written.node().rendezvous().port()).isEqualTo(22000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PORT: 22000", "PORT:22000", "PORT : 22000 # why", "PORT: \"22000\" # why"})
  void readsLinesWithAColon(String line) {
    assertThat(written.dotEnv(line).node().rendezvous().port()).isEqualTo(22000);
    assertThat(written.ini(line).node().rendezvous().port()).isEqualTo(22000);
  }

  @Test
  void namesTheLinesThatItDoesNotReadAndShowsNoneOfThem() {
    written.dotEnv("PORT=22000\nKEY sesame\n\n# fine\n---\n");
    assertThat(written.load().warnings())
        .containsExactly(".env: not read, because not NAME=value: line 2, 5");
  }

  @Test
  void namesTenLinesAtMost() {
    written.dotEnv("a b\n".repeat(30));
    assertThat(written.load().warnings())
        .singleElement()
        .asString()
        .endsWith("line 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 20 more");
  }

  @ParameterizedTest
  @CsvSource({"d", "./d/", "d/../d"})
  void readsDotEnvOfTheDataFolderBetweenTheWorkingFoldersAndTheEnvironment(String data)
      throws Exception {
    Files.createDirectory(folder.resolve("d"));
    Files.writeString(
        folder.resolve("d/.env"), "RMEM=1000\nKEY=of-data\nMASK=10.0.0.0/8\nRALLYPOINT_DATA=e\n");
    written
        .flag("data", data)
        .dotEnv("RMEM=2000\n")
        .environment("KEY", "of-environment")
        .environment("LOCAL_IP", "192.0.2.1");
    LoadedSettings loaded = written.load();
    assertThat(loaded.node().data()).isEqualTo(folder.resolve("d"));
    assertThat(loaded.node().rendezvous().receiveBuffer()).isEqualTo(2000);
    assertThat(loaded.node().key().access()).isEqualTo("of-data");
    assertThat(loaded.node().rendezvous().lan()).hasSize(1);
    assertThat(loaded.node().rendezvous().localIp()).isEqualTo("192.0.2.1");
    assertThat(loaded.warnings()).singleElement().asString().contains("data has no effect");
  }

  @Test
  void readsDotEnvOnceWhereTheDataFolderIsTheWorkingFolder() {
    written.dotEnv("RUST_LOG=debug\n").flag("data", ".");
    assertThat(written.load().warnings()).hasSize(1);
  }

  @Test
  void passesOverAFolderNamedDotEnv() throws Exception {
    // A virtual environment of Python, or what Docker makes of a file that was not there.
    Files.createDirectory(folder.resolve(".env"));
    Files.createDirectories(folder.resolve("d/.env"));
    assertThat(written.flag("data", "d").load().warnings()).isEmpty();
  }

  @Test
  void takesTheLogLevelFromEverySource() {
    assertThat(written.load().log().level()).isEqualTo(LogLevel.INFO);
    assertThat(written.environment("LOG_LEVEL", "warn").load().log().level())
        .isEqualTo(LogLevel.WARN);
    assertThat(written.dotEnv("LOG_LEVEL=DEBUG").load().log().level()).isEqualTo(LogLevel.DEBUG);
    assertThat(written.flag("log-level", "off").load().log().level()).isEqualTo(LogLevel.OFF);
    assertThatThrownBy(written.flag("log-level", "loud")::load)
        .hasMessage(
            "log-level = loud (from the command line): write TRACE, DEBUG, INFO, WARN, ERROR or OFF");
  }

  @Test
  void readsRelayOfHbbsImageWhereRelayServersIsNotWritten() {
    written.environment("RELAY", "a.example:21117");
    assertThat(written.node().rendezvous().relayServers()).containsExactly("a.example:21117");
    assertThat(written.load().warnings())
        .containsExactly("RELAY (from the environment) is read as RELAY_SERVERS");
    written.environment("RELAY_SERVERS", "b.example");
    assertThat(written.node().rendezvous().relayServers()).containsExactly("b.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1", "true", "on", "smtp://a.example", "/dev/ttyUSB0", "a b.c", ""})
  void leavesARelayThatIsNoHostToOtherPrograms(String value) {
    written.environment("RELAY", value);
    assertThat(written.node().rendezvous().relayServers()).isEmpty();
    assertThat(written.load().warnings()).isEmpty();
  }

  @Test
  void readsTheKeysOfHbbsImage() {
    written.environment("KEY_PRIV", "secret").environment("KEY_PUB", "public");
    assertThat(written.node().key()).isEqualTo(new KeySettings("-", "secret", "public"));
    assertThat(written.node().key().toString()).doesNotContain("secret");
    assertThat(new Written(folder).environment("KEY_PRIV", "").node().key())
        .isEqualTo(new KeySettings("-", "/run/secrets/key_priv", "/run/secrets/key_pub"));
  }
}
