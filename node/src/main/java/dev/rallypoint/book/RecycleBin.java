package dev.rallypoint.book;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.store.book.PurgeTable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Deletes for good what was deleted long ago. Any number of nodes may do so at once. */
public final class RecycleBin {
  private static final int CHUNK = 1_000;
  private static final int MOST_CHUNKS = 1_000;

  private final BookParts parts;

  /** The recycle bin of these accounts' books. */
  public RecycleBin(AccountParts parts) {
    this.parts = new BookParts(parts);
  }

  /**
   * Purges what was deleted 30 days ago, by transactions of 1,000 entries.
   *
   * @return how many transactions it took
   */
  public CompletionStage<Integer> purge() {
    return purge(0);
  }

  private CompletionStage<Integer> purge(int chunks) {
    if (chunks == MOST_CHUNKS) {
      return CompletableFuture.completedStage(chunks); // the rest next time
    }
    long before = parts.account().now() - BookLimits.DELETED_FOR.toMillis();
    return parts
        .call(handle -> {
          Optional<String> book = PurgeTable.next(handle, before);
          book.ifPresent(guid -> PurgeTable.purge(handle, guid, before, CHUNK));
          return book.isPresent();
        })
        .thenCompose(
            isMore -> isMore ? purge(chunks + 1) : CompletableFuture.completedStage(chunks));
  }
}
