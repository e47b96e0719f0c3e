package dev.rallypoint.strategy;

import dev.rallypoint.store.account.AccountDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Strategies, on SQLite. */
class SqliteStrategyTest extends StrategyContract {
  @TempDir Path folder;

  @Override
  AccountDatabase open() {
    return AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
  }
}
