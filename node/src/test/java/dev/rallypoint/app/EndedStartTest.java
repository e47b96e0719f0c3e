package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.testing.TestSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster that are told to end while they start. */
class EndedStartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String url = TestPostgres.database();
  private final AtomicReference<Runnable> ending = new AtomicReference<>();
  private final String ip = "127.78." + ThreadLocalRandom.current().nextInt(255) + ".1";
  private final int port = ThreadLocalRandom.current().nextInt(35_000, 36_000);

  @TempDir Path data;

  private CompletableFuture<Node> start() {
    ServerKey key =
        new ServerKey(Optional.of(TestNode.KEYS), new AccessKey(TestNode.KEYS.publicKey().text()));
    TestSettings settings = TestSettings.in(data).member(ip, port + 6).database(url);
    return CompletableFuture.supplyAsync(() -> Node.start(settings.on(port), key, ending::set));
  }

  private <T> T ask(HandleCallback<T, RuntimeException> question) {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      return database.jdbi().withHandle(question);
    }
  }

  private List<String> rows() {
    return ask(handle ->
        handle.createQuery("select address from cluster_member").mapTo(String.class).list());
  }

  @Test
  void endWhileTheyWaitForAnotherOne() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String other = "127.0.0.1:" + silent.getLocalPort();
      ask(handle ->
          handle.execute(
              "insert into cluster_member values ('rallypoint', ?, gen_random_uuid(), now(),"
                  + " now() + interval '1 hour')",
              other));
      CompletableFuture<Node> starting = start();
      Socket asked = silent.accept(); // now it asks, and waits for an answer
      CompletableFuture<Void> ended = CompletableFuture.runAsync(ending.get());
      // Pekko's transport may wait for a connection that stays open.
      asked.close();
      silent.close();
      ended.join();
      assertThatThrownBy(starting::join).hasStackTraceContaining("told to stop");
      assertThat(rows()).containsExactly(other);
    }
  }

  @RepeatedTest(2)
  void endBesideANodeThatTakesTheirConnectionAndStaysSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ask(handle ->
          handle.execute(
              "insert into cluster_member values ('rallypoint', ?, gen_random_uuid(), now(),"
                  + " now() + interval '1 hour')",
              "127.0.0.1:" + silent.getLocalPort()));
      CompletableFuture<Node> starting = start();
      try (Socket open = silent.accept()) {
        ending.get().run();
        assertThatThrownBy(starting::join).hasStackTraceContaining("told to stop");
        assertThat(open.isConnected()).isTrue();
      }
    }
  }

  @Test
  void leaveNoRowBehind() {
    CompletableFuture<Node> starting = start();
    await().atMost(PATIENCE).until(() -> !rows().isEmpty());
    ending.get().run();
    assertThat(rows()).isEmpty();
    assertThat(starting.handle((node, failure) -> "returned")).succeedsWithin(PATIENCE);
  }
}
