package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.bootstrap.ClusterKeyPair;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole nodes in containers and on hosts with folders and networks that lack something. */
class HostileFolderIT {
  private static final String LOOPBACK = "ip link set lo up";
  private static final String NO_IPV6 =
      "for i in all default lo; do echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6; done; ";

  private static final String READ_ONLY =
      "mount --bind \"$1/data\" \"$1/data\"; mount -o remount,ro,bind \"$1/data\"";

  /** What may stand before the one line; an error's trace may not. */
  private static final Pattern EXPECTED = Pattern.compile("warning: .*|\\d{4}-\\S+ (INFO|WARN) .*");

  private static final int ATTEMPTS = 5;

  private static final SigningKey PAIR = SigningKey.generate(new Random(21));

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void begin() throws Exception {
    data = Files.createDirectory(folder.resolve("data"));
    Files.createDirectory(folder.resolve("tmp"));
  }

  private Namespace.Result serve(String before) throws Exception {
    return new Namespace(folder, true, LOOPBACK + "; " + before)
        .serve(
            "",
            Map.of("JAVA_OPTS", "-Djava.io.tmpdir=" + folder.resolve("tmp")),
            List.of("--data", data.toString()));
  }

  private static void isReady(Namespace.Result result) {
    assertThat(result.out()).as(result.err()).contains("ready id=21116 relay=21117 key=");
    assertThat(result.code()).as(result.err()).isZero();
  }

  private static void isRefused(Namespace.Result result, String... line) {
    assertThat(result.err().lines().filter(text -> !EXPECTED.matcher(text).matches()))
        .as(result.err())
        .singleElement()
        .asString()
        .contains(line);
    assertThat(result.code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mount -t tmpfs -o noexec tmpfs \"$1/tmp\"",
        "mount -t tmpfs -o ro tmpfs \"$1/tmp\"",
        "mount -t tmpfs -o size=64k tmpfs \"$1/tmp\"",
        "rmdir \"$1/tmp\""
      })
  void startsWhateverTheTemporaryFolderIs(String before) throws Exception {
    Namespace.Result result = serve(before);
    isReady(result);
    assertThat(result.err()).doesNotContain("SQLiteJDBCLoader", "Exception", "Error:");
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "id_ed25519",
              "id_ed25519.pub",
              "db_v2.sqlite3",
              "rallypoint.lock",
              "management-token");
    }
  }

  @Test
  void namesTheTemporaryFolderWhereNoLibraryCanBeRun() throws Exception {
    isRefused(
        serve(
            "mount -t tmpfs -o noexec tmpfs \"$1/tmp\"; mount -t tmpfs -o noexec tmpfs \"$1/data\""),
        "the temporary folder = " + folder.resolve("tmp"),
        data.toString());
  }

  @Test
  void namesADataFolderThatIsOnlyRead() throws Exception {
    KeyFiles.in(data).loadOrCreate();
    isRefused(serve(READ_ONLY), "data = " + data + ": it can only be read");
  }

  @ParameterizedTest
  @CsvSource({"16k, 100000", "64k, 45000"}) // no room at all; for the key pair only
  void namesADataFolderThatIsFull(String size, int ballast) throws Exception {
    isRefused(
        serve(
            "mount -t tmpfs -o size="
                + size
                + " tmpfs \"$1/data\"; chmod 700 \"$1/data\"; head -c "
                + ballast
                + " /dev/zero >\"$1/data/ballast\" 2>/dev/null || true"),
        "the disk is full; make room");
  }

  @ParameterizedTest
  @CsvSource({
    "bind, fe80::1%gone, this machine has no interface of this name",
    "bind, 192.0.2.77, write an ip that this machine has",
    "bind, 2001:db8::77, write an ip that this machine has",
    "management-bind, fe80::1%gone, this machine has no interface of this name",
    "management-bind, 192.0.2.77, write an ip that this machine has"
  })
  void namesAnIpThatItsMachineHasNot(String setting, String ip, String mend) throws Exception {
    isRefused(
        new Namespace(folder, true, LOOPBACK)
            .serve("", Map.of(), List.of("--data", data.toString(), "--set", setting + "=" + ip)),
        setting + " = ",
        ": " + mend);
  }

  @Test
  void makesADataFolderThatIsMissing() throws Exception {
    isReady(serve("rmdir \"$1/data\""));
  }

  @Test
  void servesIpv4WhereTheSystemHasNoIpv6() throws Exception {
    Namespace.Result result =
        new Namespace(folder, true, LOOPBACK + "; " + NO_IPV6)
            .serve(
                "\"$launcher\" health >\"$folder/health\" 2>&1",
                Map.of(),
                List.of("--data", data.toString()));
    isReady(result);
    assertThat(result.err()).contains("warning: this system has no IPv6");
    assertThat(folder.resolve("health")).hasContent("healthy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bind", "management-bind"})
  void namesAnIpv6AddressWhereTheSystemHasNoIpv6(String setting) throws Exception {
    isRefused(
        new Namespace(folder, true, LOOPBACK + "; " + NO_IPV6)
            .serve("", Map.of(), List.of("--data", data.toString(), "--set", setting + "=::1")),
        setting + " = 0:0:0:0:0:0:0:1: this system has no IPv6");
  }

  @Test
  void warnsWhereItMayOpenFewFiles() throws Exception {
    Namespace.Result result =
        new Namespace(folder, true, LOOPBACK + "; ulimit -n 1024")
            .serve("", Map.of(), List.of("--data", data.toString()));
    isReady(result);
    assertThat(result.err()).containsPattern("WARN .*this process may open 1024 files");
  }

  @Test
  void readsADataFolderThatIsOnlyReadBesideASharedDatabase() throws Exception {
    Files.writeString(data.resolve("id_ed25519"), PAIR.secretText());
    Files.writeString(data.resolve("blocklist.txt"), "203.0.113.7\n");
    Namespace.Result result = serveShared(TestPostgres.database(), "");
    assertThat(result.out()).as(result.err()).contains("key=" + PAIR.publicKey().text());
    assertThat(result.code()).as(result.err()).isZero();
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("id_ed25519", "blocklist.txt");
    }
  }

  @Test
  void needsNothingInADataFolderThatIsOnlyReadWhereTheDatabaseHasThePair() throws Exception {
    String url = TestPostgres.database();
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      new ClusterKeyPair(database, "rallypoint").putIfAbsent(PAIR);
    }
    Namespace.Result result = serveShared(url, "");
    assertThat(result.out()).as(result.err()).contains("key=" + PAIR.publicKey().text());
    assertThat(result.code()).as(result.err()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "[::]", "*"})
  void tellsOtherNodesARealAddressWhereItListensOnAll(String bind) throws Exception {
    Files.writeString(data.resolve("id_ed25519"), PAIR.secretText());
    Namespace.Result result = serveShared(TestPostgres.database(), bind);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("other nodes reach this one at 127.0.0.1:", "by the route to the database");
  }

  /** On this machine's network, where the database is. */
  private Namespace.Result serveShared(String url, String bind) throws Exception {
    for (int attempt = 1; ; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(22_000, 23_000) & ~15;
      Namespace.Result result =
          new Namespace(folder, false, READ_ONLY)
              .serve(
                  "",
                  Map.of("DB_URL", url, "BIND", bind),
                  List.of(
                      "--data",
                      data.toString(),
                      "--port",
                      String.valueOf(port),
                      "--cluster-port",
                      String.valueOf(port + 10)));
      if (attempt == ATTEMPTS || !result.err().contains("port = ")) {
        return result;
      }
    }
  }
}
