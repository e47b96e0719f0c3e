package dev.rallypoint.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.AccountDatabase;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of the database, while it changes. */
class EpochCacheTest {
  private static final String ORG = "00000000-0000-7000-8000-000000000001";

  @TempDir Path folder;
  private final AtomicInteger reads = new AtomicInteger();
  private AccountDatabase database;
  private EpochClock clock;

  @BeforeEach
  void begin() {
    database = AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
    clock = new EpochClock(database, ORG, System::nanoTime);
  }

  @AfterEach
  void end() {
    database.close();
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private void change() {
    join(database.run(handle -> AccessEpoch.advance(handle, ORG)));
  }

  private static boolean fails(EpochCache<String, Integer> cache) {
    return join(cache.get("a").handle((value, failure) -> failure != null));
  }

  @Test
  void readsAgainWhatWasReadWhileItChanged() {
    EpochCache<String, Integer> cache =
        new EpochCache<>(
            clock,
            10,
            (handle, key) -> {
              int read = reads.incrementAndGet();
              if (read == 1) {
                change();
              }
              return read;
            });
    assertThat(join(cache.get("a"))).isEqualTo(1);

    join(clock.look());

    assertThat(join(cache.get("a"))).isEqualTo(2);
    assertThat(join(cache.get("a"))).isEqualTo(2);
  }

  @Test
  void readsAKeyOnceForAllWhoWaitForIt() {
    CountDownLatch latch = new CountDownLatch(1);
    EpochCache<String, Integer> cache =
        new EpochCache<>(
            clock,
            10,
            (handle, key) -> {
              try {
                latch.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return reads.incrementAndGet();
            });
    CompletableFuture<Integer> one = cache.get("a").toCompletableFuture();
    CompletableFuture<Integer> other = cache.get("a").toCompletableFuture();
    latch.countDown();
    assertThat(one.join()).isEqualTo(other.join()).isEqualTo(1);
  }

  @Test
  void failsWhereItChangesWithoutAPause() {
    EpochCache<String, Integer> cache =
        new EpochCache<>(
            clock,
            10,
            (handle, key) -> {
              change();
              join(clock.look());
              return reads.incrementAndGet();
            });
    assertThat(fails(cache)).isTrue();
  }

  @Test
  void readsAgainAfterAReadThatFailed() {
    EpochCache<String, Integer> cache =
        new EpochCache<>(
            clock,
            10,
            (handle, key) -> {
              if (reads.incrementAndGet() == 1) {
                throw new IllegalStateException("the first read fails");
              }
              return reads.get();
            });
    assertThat(fails(cache)).isTrue();
    assertThat(join(cache.get("a"))).isEqualTo(2);
  }
}
