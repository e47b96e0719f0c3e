package dev.rallypoint.app.api;

import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.audit.ChangeTable;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Sees what other nodes have changed that this node has in memory, by numbers in one small table.
 * What has changed is read anew; where that fails, at the next look. Safe for all threads.
 */
final class ChangePoll {
  private static final long NEVER = -1;

  private final AccountDatabase database;
  private final Map<String, Supplier<CompletionStage<Boolean>>> readers = new ConcurrentHashMap<>();
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private final AtomicInteger wanted = new AtomicInteger();

  ChangePoll(AccountDatabase database) {
    this.database = database;
  }

  /** Reads what has a name by this; to be said before the first look. */
  void follow(String name, Supplier<CompletionStage<Boolean>> reader) {
    readers.put(name, reader);
  }

  /** Looks once, and once more where it is asked to look meanwhile. */
  void look() {
    if (wanted.getAndIncrement() == 0) {
      lookNow();
    }
  }

  private void lookNow() {
    int asked = wanted.get();
    var unused =
        database
            .call(ChangeTable::epochs)
            .thenAccept(epochs -> readers.forEach((name, reader) -> read(name, reader, epochs)))
            .whenComplete((done, failure) -> {
              if (wanted.addAndGet(-asked) > 0) {
                lookNow();
              }
            });
  }

  private void read(
      String name, Supplier<CompletionStage<Boolean>> reader, Map<String, Long> epochs) {
    long epoch = epochs.getOrDefault(name, 0L);
    if (seen.getOrDefault(name, NEVER) != epoch) {
      var unused = reader.get().thenAccept(read -> seen.merge(name, epoch, Math::max));
    }
  }
}
