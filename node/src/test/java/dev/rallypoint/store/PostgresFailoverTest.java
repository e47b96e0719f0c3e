package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.add;
import static dev.rallypoint.store.Peers.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.testing.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;

/** Servers that change their part, and servers of which one is gone. */
class PostgresFailoverTest {
  private static final Duration SOME_SECONDS = Duration.ofSeconds(30);

  private final String url = TestPostgres.database();

  /** What the server says to connections that are new from now on. */
  private void setReadOnly(boolean isReadOnly) {
    TestPostgres.administer(
        "alter database %s set default_transaction_read_only to %b"
            .formatted(TestPostgres.settings(url).database(), isReadOnly));
  }

  private void endConnections() {
    TestPostgres.administer(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'"
            .formatted(TestPostgres.settings(url).database()));
  }

  private static void writeAMember(SharedDatabase database) {
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "insert into cluster_member values ('c', 'a', gen_random_uuid())"
                    + " on conflict do nothing"));
  }

  @Test
  void leavesAServerThatOnlyReadsAsSoonAsAnotherWrites() {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url));
        GroupedPeerStore store = GroupedPeerStore.in(database)) {
      setReadOnly(true);
      endConnections();
      assertThat(add(store, peer("refused"))).failsWithin(20, TimeUnit.SECONDS);

      setReadOnly(false);

      assertThat(add(store, peer("taken"))).succeedsWithin(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void keepsNoConnectionThatOnlyReadsWhoeverFindsItOut() {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      setReadOnly(true);
      endConnections();
      await()
          .atMost(SOME_SECONDS)
          .untilAsserted(() ->
              assertThatThrownBy(() -> writeAMember(database))
                  .isInstanceOf(JdbiException.class)
                  .hasMessageContaining("read-only"));
      setReadOnly(false);

      await().atMost(SOME_SECONDS).ignoreExceptions().until(() -> isWritten(database));
    }
  }

  private static boolean isWritten(SharedDatabase database) {
    writeAMember(database);
    return true;
  }

  @Test
  void reachesTheSecondServerWhenTheFirstOneSaysNothing() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String two =
          url.replaceFirst("@", "@127.0.0.1:" + silent.getLocalPort() + ",")
              + "?socketTimeout=2&hostRecheckSeconds=0";
      try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(two))) {
        await().atMost(SOME_SECONDS).ignoreExceptions().until(() -> isWritten(database));
      }
    }
  }

  @Test
  void takesTheTimesOfTheUrlWhateverThePoolWouldLike() {
    PostgresSource source = PostgresDriver.source(TestPostgres.settings(url + "?loginTimeout=20"));

    source.setLoginTimeout(1);

    assertThat(source.getLoginTimeout()).isEqualTo(20);
  }
}
