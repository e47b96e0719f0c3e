package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.add;
import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that somebody else holds, and what the server ends when nobody does. */
class PostgresLockTest {
  private static final Duration SOME_SECONDS = Duration.ofSeconds(30);

  private final String url = TestPostgres.database();
  private SharedDatabase database;
  private GroupedPeerStore store;

  @BeforeEach
  void open() throws Exception {
    database = SharedDatabase.open(TestPostgres.settings(url));
    store = GroupedPeerStore.in(database);
    save(store, peer("held"));
  }

  @AfterEach
  void close() {
    store.close();
    database.close();
  }

  private static Connection holding(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("select id from peer where id = 'held' for update");
    }
    return connection;
  }

  /** Another client's, which sets no limits. */
  private Connection somebodyHolding() throws SQLException {
    return holding(PostgresDriver.source(TestPostgres.settings(url)).getConnection());
  }

  private CompletableFuture<Optional<PeerRow>> saveHeld(String ip) {
    return store.save(peer("held", "held", ip), Optional.of(peer("held"))).toCompletableFuture();
  }

  private List<CompletableFuture<Optional<PeerRow>>> addMany(String prefix) {
    return IntStream.range(0, 100).mapToObj(i -> add(store, peer(prefix + i))).toList();
  }

  private int waitingForLocks() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'
                    """)
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void savesOtherIdsWhileOneRowIsHeld() throws Exception {
    try (Connection other = somebodyHolding()) {
      List<CompletableFuture<Optional<PeerRow>>> before = addMany("before-");
      CompletableFuture<Optional<PeerRow>> held = saveHeld("192.0.2.1");
      List<CompletableFuture<Optional<PeerRow>>> after = addMany("after-");

      await().atMost(SOME_SECONDS).until(held::isDone);

      assertThat(held).isCompletedExceptionally();
      assertThat(before).allSatisfy(it -> assertThat(it).succeedsWithin(60, TimeUnit.SECONDS));
      assertThat(after).allSatisfy(it -> assertThat(it).succeedsWithin(60, TimeUnit.SECONDS));
      other.rollback();
    }
    assertThat(saveHeld("192.0.2.2")).succeedsWithin(60, TimeUnit.SECONDS);
  }

  @Test
  void leavesNoConnectionOfTheServerWaitingForARow() throws Exception {
    try (Connection other = somebodyHolding()) {
      for (int i = 0; i < 3; i++) {
        CompletableFuture<Optional<PeerRow>> held = saveHeld("192.0.2." + i);
        await().atMost(SOME_SECONDS).until(held::isDone);
      }

      assertThat(waitingForLocks()).isZero();
      other.rollback();
    }
  }

  @Test
  void savesARowAgainThatANodeHeldWhenItVanished() throws Exception {
    try (SharedDatabase vanished =
        SharedDatabase.open(TestPostgres.settings(url + "?socketTimeout=1"))) {
      Connection kept = holding(vanished.jdbi().open().getConnection());

      await()
          .atMost(SOME_SECONDS)
          .ignoreExceptions()
          .until(() -> saveHeld("192.0.2.1").get(20, TimeUnit.SECONDS).isPresent());
      assertThatThrownBy(kept::commit).isInstanceOf(SQLException.class);
    }
    assertThat(find(store, "held").orElseThrow().ip()).isEqualTo("192.0.2.1");
  }

  @Test
  void endsAStatementThatTakesTooLongAndDoesItOnlyOnce() {
    AtomicInteger tries = new AtomicInteger();
    try (SharedDatabase hasty =
        SharedDatabase.open(TestPostgres.settings(url + "?socketTimeout=2"))) {
      assertThatThrownBy(() ->
              hasty.inTransaction(tx -> {
                tries.incrementAndGet();
                try (Statement statement = tx.createStatement()) {
                  return statement.execute("select pg_sleep(10)");
                }
              }))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("57014");
    }
    assertThat(tries).hasValue(1);
  }
}
