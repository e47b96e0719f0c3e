package dev.rallypoint.app.doctor.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.Diagnosis;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.ServerVerdict;
import dev.rallypoint.app.doctor.Verdict;
import dev.rallypoint.config.LoadedSettings;
import dev.rallypoint.config.LogSettings;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.log.LogArea;
import dev.rallypoint.config.log.LogFormat;
import dev.rallypoint.config.log.LogLevel;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerDoctorTest {
  private static final LogSettings LOG =
      new LogSettings(Map.of(LogArea.ALL, LogLevel.INFO), LogFormat.TEXT, Optional.empty(), 1, 10);
  @TempDir Path folder;

  private static Diagnosis diagnose(Supplier<LoadedSettings> load, WallClock clock) {
    return ServerDoctor.diagnose(load, Ticker.SYSTEM, clock);
  }

  private static Diagnosis diagnose(NodeSettings settings) {
    return diagnose(
        () -> new LoadedSettings(settings, LOG, List.of(), List.of()), WallClock.SYSTEM);
  }

  private static List<Finding> of(Diagnosis diagnosis, Check check) {
    return diagnosis.findings().stream().filter(row -> row.check() == check).toList();
  }

  private static Verdict one(Diagnosis diagnosis, Check check) {
    assertThat(of(diagnosis, check)).as(diagnosis.toString()).hasSize(1);
    return of(diagnosis, check).getFirst().verdict();
  }

  private static int anyPort() {
    return ThreadLocalRandom.current().nextInt(20_000, 30_000) & ~7;
  }

  @Test
  void findsNothingWrongWithARunningNode() {
    TestSettings settings = TestSettings.in(folder);
    try (TestNode node = TestNode.start(settings)) {
      Diagnosis found = diagnose(settings.on(node.port()));

      assertThat(one(found, Check.SETTINGS)).isEqualTo(ServerVerdict.SETTINGS_GOOD);
      assertThat(one(found, Check.DATABASE)).isEqualTo(ServerVerdict.DATABASE_GOOD);
      assertThat(one(found, Check.PORTS)).isEqualTo(ServerVerdict.PORTS_SERVED);
      assertThat(one(found, Check.TEMPORARY_FOLDER)).isEqualTo(ServerVerdict.TEMPORARY_FOLDER_GOOD);
      assertThat(one(found, Check.NAMES)).isEqualTo(ServerVerdict.NAMES_RESOLVE);
      assertThat(of(found, Check.DISK)).hasSize(1);
      assertThat(of(found, Check.UDP_BUFFER)).hasSize(1);
      assertThat(of(found, Check.DESCRIPTORS)).hasSize(1);
      assertThat(of(found, Check.MEMBERS)).as("a node alone has none").isEmpty();
    }
  }

  @Test
  void makesNothingWhereNothingIs() {
    Path nowhere = folder.resolve("nowhere");
    NodeSettings settings = TestSettings.in(nowhere).on(anyPort());
    assertThat(nowhere.toFile().delete()).isTrue();

    Diagnosis found = diagnose(settings);

    assertThat(one(found, Check.DATABASE)).isEqualTo(ServerVerdict.DATABASE_NOT_MADE);
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void findsADatabaseThatIsNone() throws Exception {
    Files.writeString(folder.resolve("db_v2.sqlite3"), "a text, and quite a long one it is");

    Diagnosis found = diagnose(TestSettings.in(folder).on(anyPort()));

    assertThat(one(found, Check.DATABASE)).isEqualTo(ServerVerdict.DATABASE_UNUSABLE);
    assertThat(found.exitCode()).isEqualTo(Diagnosis.FAULTY);
  }

  @Test
  void findsAPortThatAnotherProgramHas() throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      Diagnosis found = diagnose(TestSettings.in(folder).on(other.getLocalPort() - 1));

      assertThat(of(found, Check.PORTS))
          .filteredOn(row -> row.seen().startsWith(other.getLocalPort() + ":"))
          .singleElement()
          .extracting(Finding::verdict)
          .isEqualTo(ServerVerdict.PORT_TAKEN);
    }
  }

  @Test
  void findsASettingThatANodeWouldNotStartWith() {
    Diagnosis found =
        diagnose(
            () -> {
              throw new SettingException("port", "70000", "write a port");
            },
            WallClock.SYSTEM);

    assertThat(found.findings()).hasSize(1);
    assertThat(one(found, Check.SETTINGS)).isEqualTo(ServerVerdict.SETTINGS_WRONG);
    assertThat(found.findings().getFirst().seen()).isEqualTo("port = 70000: write a port");
  }

  @Test
  void findsANameThatIsNobodys() {
    Diagnosis found =
        diagnose(TestSettings.in(folder).relayServers("relay.invalid:21117").on(anyPort()));

    assertThat(one(found, Check.NAMES)).isEqualTo(ServerVerdict.NAME_UNKNOWN);
    assertThat(of(found, Check.NAMES).getFirst().seen()).contains("relay-servers: relay.invalid");
  }

  @Test
  void findsACertificateThatHasExpired() {
    TestCertificate.of("localhost", "EC", Duration.ofDays(-3)).writeTo(folder);

    Diagnosis found = diagnose(TestSettings.in(folder).tls(folder).on(anyPort()));

    assertThat(one(found, Check.NODE_CERTIFICATE)).isEqualTo(ServerVerdict.NODE_CERTIFICATE_BAD);
  }

  @Test
  void looksAtTheMembersAndTheClockOfADatabase() throws Exception {
    String url = TestPostgres.database();
    SharedDatabase.open(TestPostgres.settings(url)).close();
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    try (ServerSocket cluster = new ServerSocket()) {
      cluster.bind(new InetSocketAddress(loopback, 0));
      int port = cluster.getLocalPort();
      member(url, "127.0.0.1:" + port, "0 s");
      member(url, "127.0.0.1:" + (port + 1), "1 hour");
      WallClock early = () -> WallClock.SYSTEM.micros() + TimeUnit.MINUTES.toMicros(10);
      NodeSettings settings = TestSettings.in(folder).database(url).on(anyPort());

      Diagnosis found =
          diagnose(() -> new LoadedSettings(settings, LOG, List.of(), List.of()), early);

      assertThat(of(found, Check.MEMBERS))
          .as("the backhaul port of the first is closed, the second was not heard for an hour")
          .extracting(Finding::verdict)
          .containsExactlyInAnyOrder(ServerVerdict.MEMBER_UNREACHED, ServerVerdict.MEMBER_SILENT);
      assertThat(of(found, Check.MEMBERS).getFirst().seen()).contains("" + (port + 1));
      assertThat(one(found, Check.DATABASE)).isEqualTo(ServerVerdict.DATABASE_GOOD);
      assertThat(one(found, Check.DATABASE_CLOCK)).isEqualTo(ServerVerdict.DATABASE_CLOCK_OFF);
    }
  }

  private static void member(String url, String address, String age) {
    TestPostgres.execute(
        url,
        """
        insert into cluster_member (cluster, address, incarnation, heartbeat)
        values ('rallypoint', '%s', gen_random_uuid(), clock_timestamp() - interval '%s')
        """
            .formatted(address, age));
  }

  @Test
  void makesNoTablesInANewDatabase() {
    String url = TestPostgres.database();

    Diagnosis found = diagnose(TestSettings.in(folder).database(url).on(anyPort()));

    assertThat(one(found, Check.DATABASE)).isEqualTo(ServerVerdict.DATABASE_NOT_MADE);
    assertThat(one(found, Check.MEMBERS)).isEqualTo(ServerVerdict.MEMBERS_NONE);
    // It fails where the table is there already.
    TestPostgres.execute(url, "create table cluster_member (n integer)");
  }

  @Test
  void readsTheLimitOfAProcess() {
    assertThat(
            OpenFileLimit.limit(
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             63432                63432                processes
                Max open files            1024                 524288               files
                """))
        .isEqualTo(OptionalLong.of(524_288));
    assertThat(OpenFileLimit.limit("")).isEmpty();
  }
}
