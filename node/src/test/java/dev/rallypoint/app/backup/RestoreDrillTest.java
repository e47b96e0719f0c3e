package dev.rallypoint.app.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.store.PrivateFiles;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to know that the backups are good: see docs/backup.md. */
class RestoreDrillTest {
  private static final int BEFORE = 50;
  private static final int TRIES = 10;

  /** Fewer than a node stores at once. */
  private static final int MOST = 10_000;

  @TempDir Path folder;

  private static void register(UdpClient client, String id) {
    Result result = Result.SERVER_ERROR;
    for (int i = 0; i < TRIES && result == Result.SERVER_ERROR; i++) { // a disk that is busy
      result = client.register(id, "uuid of " + id, 1 + id.length()); // no key of zeros
    }
    assertThat(result).isEqualTo(Result.OK);
  }

  /** Registers new ids until it is told to stop, or has registered many; returns how many. */
  private static CompletableFuture<Integer> registering(
      TestNode node, CountDownLatch begun, AtomicBoolean isOver) {
    AtomicInteger registered = new AtomicInteger();
    return CompletableFuture.supplyAsync(
        () -> {
          try (UdpClient client = node.udp()) {
            while (!isOver.get() && registered.get() < MOST) {
              register(client, "during-" + registered.incrementAndGet());
              begun.countDown();
            }
            return registered.get();
          } finally {
            begun.countDown(); // a failure is told by the answer
          }
        },
        task -> Thread.ofPlatform().start(task)); // the node has work on the common pool
  }

  @Test
  void bringsEachKnownClientBackOnAnotherMachine() throws Exception {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    PrivateFiles.createFolder(first);
    KeyFiles.in(first).keep(TestNode.KEYS);
    Shell shell = new Shell(folder);
    TestSettings settings =
        TestSettings.in(first).registrationsPerAddress(1_000_000).newIdsPerAddress(1_000_000);
    try (TestNode node = TestNode.start(settings)) {
      try (UdpClient client = node.udp()) {
        for (int i = 0; i < BEFORE; i++) {
          register(client, "before-" + i);
        }
      }
      AtomicBoolean isOver = new AtomicBoolean();
      CountDownLatch begun = new CountDownLatch(1);
      CompletableFuture<Integer> during = registering(node, begun, isOver);
      begun.await();
      assertThat(shell.run("backup", "all.zip", "--data", "first")).as(shell.err()).isZero();
      isOver.set(true);
      assertThat(during.join()).isPositive();

      assertThat(shell.run("restore", "all.zip", "--data", "first", "--replace")).isEqualTo(2);
      assertThat(shell.err()).contains("another node runs on this folder").hasLineCount(1);
    }

    assertThat(shell.run("restore", "all.zip", "--data", "second")).as(shell.err()).isZero();

    assertThat(KeyFiles.in(second).load().orElseThrow().publicKey())
        .isEqualTo(TestNode.KEYS.publicKey());
    try (TestNode node = TestNode.start(TestSettings.in(second));
        UdpClient client = node.udp()) {
      for (int i = 0; i < BEFORE; i++) {
        assertThat(client.beat("before-" + i)).as("the key is asked for").isFalse();
      }
      assertThat(client.beat("never-seen")).isTrue();
    }
  }
}
