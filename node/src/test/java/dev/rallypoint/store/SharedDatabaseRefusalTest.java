package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.testing.TestPostgres;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that a node cannot start with, and what it says. */
class SharedDatabaseRefusalTest {
  private static void assertRefused(String url, String... advice) {
    assertRefused(url, 14, advice);
  }

  private static void assertRefused(String url, int oldest, String... advice) {
    PostgresSettings settings = TestPostgres.settings(url);
    SettingException refusal =
        catchThrowableOfType(
            SettingException.class,
            () -> SharedDatabase.open(settings, Duration.ofMillis(700), oldest).close());
    assertThat(refusal)
        .message()
        .startsWith("db-url = " + settings + ": ")
        .contains(advice)
        .doesNotContain("s3cret")
        .hasLineCount(1);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String name(String url) {
    return TestPostgres.settings(url).database();
  }

  @Test
  void saysThatNoServerAnswers() throws Exception {
    assertRefused(
        "postgresql://me:s3cret@127.0.0.1:" + freePort() + "/x", "no server answers", "refused");
  }

  @Test
  void saysThatAServerTakesConnectionsAndSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      assertRefused(
          "postgresql://me:s3cret@127.0.0.1:" + silent.getLocalPort() + "/x?socketTimeout=1",
          "no server answers");
    }
  }

  @Test
  void saysThatNobodyKnowsTheHost() {
    assertRefused("postgresql://me:s3cret@no-such-host.invalid/x", "no-such-host.invalid");
  }

  @Test
  void saysThatThePasswordIsWrong() {
    assertRefused(
        TestPostgres.database().replaceFirst(":s3cret[^@]*@", ":s3cret-wrong@"),
        "does not let this user in",
        "password");
  }

  @Test
  void saysThatThereIsNoSuchDatabase() {
    assertRefused(
        TestPostgres.database().replaceFirst("/test_\\d+$", "/elsewhere"),
        "create database elsewhere owner rallypoint");
  }

  @Test
  void saysThatTheUserMayMakeNoTables() {
    String url = TestPostgres.database();
    TestPostgres.administer("alter database " + name(url) + " owner to postgres");
    assertRefused(url, "grant create on schema public to rallypoint");
  }

  @ParameterizedTest
  @CsvSource({"peer,delete", "cluster_member,update", "cluster_lease,insert", "cluster_key,insert"})
  void saysWhichRightIsMissing(String table, String right) {
    String url = TestPostgres.database();
    SharedDatabase.open(TestPostgres.settings(url)).close();
    TestPostgres.execute(url, "revoke %s on %s from rallypoint".formatted(right, table));
    assertRefused(
        url,
        "rallypoint may not %s in the table %s".formatted(right, table),
        "grant all on cluster_database, cluster_key, cluster_lease, cluster_member, new_peer, peer,"
            + " peer_day, shared_rule to");
  }

  @Test
  void saysThatTheUserMayNotWrite() throws Exception {
    String url = TestPostgres.database();
    SharedDatabase.open(TestPostgres.settings(url)).close();
    TestPostgres.administer(
        "create role reader_of_" + name(url) + " login password 'pw'",
        "grant rallypoint to reader_of_" + name(url) + " with inherit false, set false");
    try (SharedDatabase owner = SharedDatabase.open(TestPostgres.settings(url))) {
      owner
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  "grant select on all tables in schema public to reader_of_" + name(url)));
    }
    assertRefused(
        url.replaceFirst("//[^@]*@", "//reader_of_" + name(url) + ":pw@"), "may not insert");
  }

  @Test
  void saysThatTheServerIsTooOld() {
    assertRefused(TestPostgres.database(), 99, "PostgreSQL 18", "99 or newer is needed");
  }

  @Test
  void saysThatTheDatabaseHoldsNoUnicode() {
    TestPostgres.administer(
        """
        create database latin owner rallypoint encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'
        template template0
        """);
    assertRefused(TestPostgres.database().replaceFirst("/test_\\d+$", "/latin"), "encoding 'UTF8'");
  }

  @Test
  void saysThatTheServerOnlyReads() {
    String url = TestPostgres.database();
    TestPostgres.administer(
        "alter database " + name(url) + " set default_transaction_read_only to on");
    assertRefused(url, "name the primary");
  }

  @Test
  void saysThatAnotherProgramsTablesAreThere() {
    String url = TestPostgres.database();
    TestPostgres.execute(url, "create table peer (name text)");
    assertRefused(url, "give Rallypoint its own database");
  }

  @Test
  void saysThatTheDriverHasNoSuchParameter() {
    assertRefused(TestPostgres.database() + "?ssl-mode=require", "no parameter ssl-mode");
  }

  @Test
  void saysThatTheServerHasNoTls() {
    assertRefused(TestPostgres.database() + "?sslmode=require", "does not support SSL");
  }

  @Test
  void livesBesideOtherTables() {
    String url = TestPostgres.database();
    TestPostgres.execute(url, "create table flyway_schema_history (of_another_program text)");

    SharedDatabase.open(TestPostgres.settings(url)).close();
  }
}
