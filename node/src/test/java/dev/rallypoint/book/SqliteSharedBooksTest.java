package dev.rallypoint.book;

import dev.rallypoint.store.account.AccountDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** On SQLite. */
class SqliteSharedBooksTest extends SharedBooksContract {
  @TempDir Path folder;

  @Override
  AccountDatabase open() {
    return AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
  }
}
