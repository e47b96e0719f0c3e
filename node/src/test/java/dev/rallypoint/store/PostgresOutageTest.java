package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.add;
import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.rename;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the database while the store runs. */
class PostgresOutageTest {
  /** The pool's wait, once for those under way and once for those behind them, and some room. */
  private static final Duration SOME_SECONDS = Duration.ofSeconds(45);

  @TempDir static Path folder;
  private static TestPostgres server;
  private GroupedPeerStore store;

  @BeforeAll
  static void startAServer() {
    server = TestPostgres.in(folder);
  }

  @AfterAll
  static void stopTheServer() {
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    store = Peers.openPostgres(TestPostgres.settings(server.newDatabase()));
    save(store, peer("before"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** More than a group of each kind. */
  private void assertAllFail() {
    List<CompletableFuture<Optional<PeerRow>>> calls =
        IntStream.range(0, 2_000)
            .mapToObj(i ->
                i % 2 == 0
                    ? add(store, peer("peer-" + i))
                    : store.find(peer("before").id()).toCompletableFuture())
            .toList();
    await().atMost(SOME_SECONDS).until(() -> calls.stream().allMatch(CompletableFuture::isDone));
    assertThat(calls).extracting(CompletableFuture::isCompletedExceptionally).containsOnly(true);
  }

  private void assertGoesOn() {
    await().atMost(SOME_SECONDS).ignoreExceptions().until(() -> find(store, "before").isPresent());
    await()
        .atMost(SOME_SECONDS)
        .untilAsserted(
            () -> assertThat(add(store, peer("after"))).succeedsWithin(60, TimeUnit.SECONDS));
  }

  @Test
  void failsAllCallsSoonWhileTheServerIsStoppedAndGoesOnWhenItIsBack() {
    server.stop();
    assertAllFail();

    server.startAgain();

    assertGoesOn();
  }

  @Test
  void failsAllCallsSoonWhileTheServerSaysNothingAndGoesOnWhenItSpeaks() throws Exception {
    server.freeze();
    assertAllFail();

    server.thaw();

    assertGoesOn();
  }

  @Test
  void isOpenedWhileTheServerIsJustStarting() throws Exception {
    PostgresSettings settings = TestPostgres.settings(server.newDatabase());
    server.stop();
    CompletableFuture<SharedDatabase> opening =
        CompletableFuture.supplyAsync(() -> SharedDatabase.open(settings));
    assertThatThrownBy(() -> opening.get(700, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);

    server.startAgain();

    opening.get(30, TimeUnit.SECONDS).close();
  }

  @Test
  void losesNoCallToAServerThatIsStartedAnew() throws Exception {
    CompletableFuture<?>[] many =
        IntStream.range(0, 1_000)
            .mapToObj(i -> add(store, peer("peer-" + i)))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(many).get(20, TimeUnit.SECONDS);
    server.stop();
    server.startAgain();

    assertThat(find(store, "peer-7")).contains(peer("peer-7"));
    assertThat(rename(store, "peer-7", "chosen-id", "peer-7")).isEqualTo(RenameResult.DONE);
  }

  @Test
  void losesNothingThatItAcknowledgedWhenTheServerIsStopped() throws Exception {
    try (SavingLoad load = new SavingLoad(store)) {
      load.awaitAcknowledged(2_000);
      server.stop();
      load.awaitFailed(100);
      server.startAgain();
      load.awaitAcknowledged(2_000);
      load.finish("server stopped");

      assertThat(load.lost()).isEmpty();
    }
  }

  @Test
  void losesNothingThatItAcknowledgedWhenTheServerIsKilled() throws Exception {
    try (SavingLoad load = new SavingLoad(store)) {
      load.awaitAcknowledged(2_000);
      server.kill();
      load.awaitFailed(100);
      server.startAgain();
      load.awaitAcknowledged(2_000);
      load.finish("server killed");

      assertThat(load.lost()).isEmpty();
    }
  }
}
