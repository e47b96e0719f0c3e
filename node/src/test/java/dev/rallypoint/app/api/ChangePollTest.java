package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.audit.ChangeTable;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangePollTest {
  @TempDir Path folder;
  private final AtomicInteger orders = new AtomicInteger();
  private final AtomicInteger strategies = new AtomicInteger();
  private AccountDatabase database;
  private ChangePoll poll;

  @BeforeEach
  void begin() {
    database = AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
    poll = new ChangePoll(database);
    poll.follow(ChangeTable.DISCONNECT, () -> read(orders));
    poll.follow(ChangeTable.STRATEGY, this::readLater);
    poll.look();
    await().until(() -> orders.get() == 1 && strategies.get() == 1);
  }

  @AfterEach
  void end() {
    database.close();
  }

  private static CompletionStage<Boolean> read(AtomicInteger reads) {
    reads.incrementAndGet();
    return CompletableFuture.completedStage(true);
  }

  /** The second read fails. */
  private CompletionStage<Boolean> readLater() {
    return strategies.incrementAndGet() == 2
        ? CompletableFuture.failedStage(new IllegalStateException("away"))
        : CompletableFuture.completedStage(true);
  }

  private void note(String name) {
    database.run(handle -> ChangeTable.note(handle, name)).toCompletableFuture().join();
  }

  @Test
  void readsWhatHasChangedAndNothingElse() {
    note(ChangeTable.DISCONNECT);
    poll.look();
    await().until(() -> orders.get() == 2);
    assertThat(strategies).hasValue(1);
  }

  @Test
  void readsAgainWhatCouldNotBeRead() {
    note(ChangeTable.STRATEGY);
    poll.look();
    await().until(() -> strategies.get() == 2);
    poll.look();
    await().until(() -> strategies.get() == 3);
    assertThat(orders).hasValue(1);
  }

  @Test
  void looksOnceMoreWhereItIsAskedWhileItLooks() {
    for (int i = 0; i < 100; i++) {
      poll.look();
    }
    note(ChangeTable.DISCONNECT);
    poll.look();
    await().until(() -> orders.get() == 2);
  }
}
