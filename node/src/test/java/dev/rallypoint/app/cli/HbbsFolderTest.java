package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.GroupedPeerStore;
import dev.rallypoint.testing.HbbsFile;
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

/** What hbbs's packages leave behind is served with its key, its ids and its settings. */
class HbbsFolderTest {
  private static final SigningKey PAIR = SigningKey.generate(new Random(11));
  private static final SigningKey OTHER = SigningKey.generate(new Random(12));

  @TempDir Path folder;
  private Path data;
  private Shell shell;

  @BeforeEach
  void begin() throws Exception {
    data = Files.createDirectory(folder.resolve("data"));
    shell = new Shell(Files.createDirectory(folder.resolve("cwd")));
  }

  private void knowsPeers() throws Exception {
    try (HbbsFile file = new HbbsFile(data.resolve("db_v2.sqlite3")).createSchema()) {
      file.insert("123456789", new byte[] {1}, new byte[] {2}, "{\"ip\":\"192.0.2.1\"}");
    }
  }

  private void hasPair() throws Exception {
    Path secret = Files.writeString(data.resolve("id_ed25519"), PAIR.secretText());
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(data.resolve("id_ed25519.pub"), PAIR.publicKey().text());
  }

  private NodeSettings served() {
    assertThat(shell.run("serve", "--data", data.toString())).as(shell.err()).isZero();
    assertThat(shell.out())
        .endsWith("ready key=" + PAIR.publicKey().text() + System.lineSeparator());
    return shell.started.getFirst();
  }

  private void isRefused(String line) {
    assertThat(shell.run("serve", "--data", data.toString())).isEqualTo(2);
    assertThat(shell.err()).contains(line).hasLineCount(1);
    assertThat(shell.started).isEmpty();
  }

  @Test
  void ofTheOfficialImage() throws Exception {
    hasPair();
    knowsPeers();
    assertThat(shell.run("hbbs", "-r", "relay.example:21117", "-k", "_", "--data", data.toString()))
        .isZero();
    assertThat(shell.started.getFirst().rendezvous().relayServers())
        .containsExactly("relay.example:21117");
    assertThat(shell.out()).contains("ready key=" + PAIR.publicKey().text());
    assertThat(shell.err())
        .contains(
            "warning: hbbs is read as 'serve'", "db_v2.sqlite3 can be read or written by others")
        .hasLineCount(2);
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(data.resolve("db_v2.sqlite3"))) {
      assertThat(store.find(new PeerId("123456789")).toCompletableFuture().join()).isPresent();
    }
  }

  @Test
  void ofTheDebPackageWithItsDotEnv() throws Exception {
    hasPair();
    knowsPeers();
    Files.writeString(
        data.resolve(".env"), "RELAY-SERVERS=\"relay.example\"\r\nALWAYS_USE_RELAY: Y\r\n");
    NodeSettings settings = served();
    assertThat(settings.rendezvous().relayServers()).containsExactly("relay.example");
    assertThat(settings.rendezvous().alwaysUseRelay()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "\"%s\"", "'%s'", "%s\r\n"})
  void ofTheS6ImageWithItsKeyInTheEnvironment(String form) throws Exception {
    knowsPeers();
    shell.environment.put("RELAY", "relay.example:21117");
    shell.environment.put("ENCRYPTED_ONLY", "1");
    shell.environment.put("KEY_PRIV", form.formatted(PAIR.secretText()));
    shell.environment.put("KEY_PUB", form.formatted(PAIR.publicKey().text()));
    assertThat(served().rendezvous().relayServers()).containsExactly("relay.example:21117");
    assertThat(data.resolve("id_ed25519")).hasContent(PAIR.secretText());
    assertThat(shell.out() + shell.err()).doesNotContain(PAIR.secretText());
  }

  @Test
  void ofTheS6ImageWithItsKeyInSecrets() throws Exception {
    knowsPeers();
    Path secret = Files.writeString(folder.resolve("key_priv"), PAIR.secretText() + "\n");
    shell.environment.put("KEY_PRIV", secret.toString());
    served();
    shell.environment.clear(); // kept in the folder, as the image does
    served();
  }

  @Test
  void thatHasAPairIsServedWithItWhateverTheEnvironmentGives() throws Exception {
    hasPair();
    shell.environment.put("KEY_PRIV", OTHER.secretText());
    served();
    assertThat(data.resolve("id_ed25519")).hasContent(PAIR.secretText());
    assertThat(shell.err()).contains("the pair of key-priv is another").hasLineCount(1);
  }

  @Test
  void getsNoNewPairBesideOldPeers() throws Exception {
    knowsPeers();
    isRefused("id_ed25519 = not there: the clients in " + data.resolve("db_v2.sqlite3"));
    assertThat(data.resolve("id_ed25519")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sesame"})
  void getsNoNewPairBesideOldPeersWhateverClientsMustSend(String key) throws Exception {
    knowsPeers();
    shell.environment.put("KEY", key);
    isRefused("id_ed25519 = not there");
  }

  @Test
  void getsANewPairThatTheOperatorMakes() throws Exception {
    knowsPeers();
    assertThat(shell.run("keys", "generate", "--data", data.toString())).isZero();
    assertThat(shell.run("serve", "--data", data.toString())).isZero();
  }

  @Test
  void getsANewPairBesideAFileWithoutPeers() throws Exception {
    try (HbbsFile file = new HbbsFile(data.resolve("db_v2.sqlite3")).createSchema()) {
      assertThat(file.row("select count(*) from peer")).hasToString("[0]");
    }
    assertThat(shell.run("serve", "--data", data.toString())).isZero();
    assertThat(data.resolve("id_ed25519")).exists();
  }

  @Test
  void thatIsImportedNeedsItsPairForTheFirstNode() throws Exception {
    knowsPeers();
    shell.environment.put("DB_URL", TestPostgres.database());
    assertThat(shell.run("import", "--from", data.resolve("db_v2.sqlite3").toString())).isZero();
    isRefused("id_ed25519 = not there: the clients in postgresql://rallypoint@");
    hasPair();
    served();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "/no/such/file", "-"})
  void isNotServedWithASecretThatIsNone(String secret) {
    shell.environment.put("KEY_PRIV", secret);
    isRefused("key-priv = ...: ");
  }

  @Test
  void isNotServedWithHalvesOfTwoPairs() {
    shell.environment.put("KEY_PRIV", PAIR.secretText());
    shell.environment.put("KEY_PUB", OTHER.publicKey().text());
    isRefused("it is not the public key of key-priv");
  }

  @Test
  void isNotServedWithThePublicHalfAlone() throws Exception {
    Files.writeString(data.resolve("id_ed25519.pub"), PAIR.publicKey().text());
    isRefused("id_ed25519.pub = without its secret id_ed25519");
  }

  @Test
  void isServedWithTheKeyFileThatKeyNames() throws Exception {
    hasPair();
    shell.environment.put("KEY", "./id_ed25519");
    served();
    shell.environment.put("KEY", data.resolve("id_ed25519.pub").toString());
    served();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${DATA}",
        "$DATA",
        "$DATA/rd",
        "~/data",
        "<folder>",
        "\"data",
        "data'",
        "C:\\data"
      })
  void isNotReplacedByANewOneWhosePathWasNotMeant(String path) throws Exception {
    shell.environment.put("RALLYPOINT_DATA", path);
    assertThat(shell.run("serve")).isEqualTo(2);
    assertThat(shell.err()).startsWith("rallypoint: data = ").hasLineCount(1);
    assertThat(shell.started).isEmpty();
    assertThat(shell.folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"${DB_URL}", "$DB_URL", "~/peers.db", "<url>", "C:\\data\\peers.db"})
  void isNotServedFromANewDatabaseWhosePathWasNotMeant(String path) throws Exception {
    hasPair();
    shell.environment.put("DB_URL", path);
    isRefused("db-url = " + path + " (from the environment): ");
  }

  @Test
  void thatIsAFileIsRefused() throws Exception {
    data = Files.writeString(folder.resolve("file"), "");
    isRefused("data = " + data + ": this is a file; name a folder");
  }

  @Test
  void needsNoSecondServiceForTheRelay() {
    assertThat(shell.run("hbbr", "-k", "_")).isEqualTo(2);
    assertThat(shell.err()).startsWith("rallypoint: hbbr = ").hasLineCount(1);
  }
}
