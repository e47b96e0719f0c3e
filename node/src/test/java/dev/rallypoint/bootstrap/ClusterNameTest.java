package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A database has one cluster, whose name nobody else takes. */
class ClusterNameTest {
  private static final Duration STALE = Duration.ofMinutes(1);
  private static final int MANY = 10;

  private final SharedDatabase database =
      SharedDatabase.open(TestPostgres.settings(TestPostgres.database()));

  @AfterEach
  void end() {
    database.close();
  }

  private MemberTable table(String cluster, int port) {
    return new MemberTable(database.jdbi(), cluster, "127.0.0.1:" + port, UUID.randomUUID(), STALE);
  }

  private SigningKey put(String cluster, int seed) {
    return new ClusterKeyPair(database, cluster).putIfAbsent(SigningKey.generate(new Random(seed)));
  }

  private void change(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private List<String> namesIn(String table) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle.createQuery("select cluster from " + table).mapTo(String.class).list());
  }

  @Test
  void isThatOfTheKeyPairAlsoWhileNoNodeRuns() {
    put("rallypoint", 1);
    assertThatThrownBy(() -> new ClusterKeyPair(database, "other").find())
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("this database is that of the cluster rallypoint");
    assertThatThrownBy(() -> table("other", 1).begin(List.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("this database is that of the cluster rallypoint");
  }

  @Test
  void isThatOfALivingMemberWhereNobodySigns() {
    table("rallypoint", 1).begin(List.of());
    assertThatThrownBy(() -> put("other", 1))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("this database is that of the cluster rallypoint");
    assertThat(namesIn("cluster_key")).isEmpty();
  }

  @Test
  void isFreeWhenItsMembersAreGoneAndThereIsNoPair() {
    table("rallypoint", 1).begin(List.of());
    change("update cluster_member set heartbeat = now() - interval '1 hour'");
    assertThat(table("other", 2).begin(List.of())).isTrue();
    assertThat(namesIn("cluster_member")).containsExactly("other");
  }

  @Test
  void isChangedInTheTableOfTheKeyPairWhenAllNodesAreStopped() {
    SigningKey pair = put("rallypoint", 1);
    change("update cluster_key set cluster = 'other'");
    assertThat(new ClusterKeyPair(database, "other").find())
        .map(SigningKey::publicKey)
        .contains(pair.publicKey());
  }

  @Test
  void isNotChangedUnderRunningNodes() {
    put("rallypoint", 1);
    table("rallypoint", 1).begin(List.of());
    change("update cluster_key set cluster = 'other'");
    assertThatThrownBy(() -> new ClusterKeyPair(database, "other").find())
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("nodes of the cluster rallypoint are running on this database");
  }

  /** Whether a start with this name went well. */
  private boolean isStarted(String cluster, int number) {
    try {
      put(cluster, number);
      table(cluster, number).begin(List.of());
      return true;
    } catch (SettingException refused) {
      return false;
    }
  }

  @Test
  void isOneOfTwoWhenManyNodesStartAtTheSameInstant() {
    try (ExecutorService threads = Executors.newFixedThreadPool(MANY)) {
      List<CompletableFuture<Optional<String>>> starts =
          IntStream.range(0, MANY)
              .mapToObj(i -> i % 2 == 0 ? "even" : "odd")
              .map(name ->
                  CompletableFuture.supplyAsync(
                      () -> isStarted(name, 1) ? Optional.of(name) : Optional.<String>empty(),
                      threads))
              .toList();
      List<String> started = starts.stream().flatMap(start -> start.join().stream()).toList();
      assertThat(started).isNotEmpty().containsOnly(started.getFirst());
      assertThat(namesIn("cluster_key")).containsExactly(started.getFirst());
    }
  }
}
