package dev.rallypoint.store.access;

import dev.rallypoint.store.account.AccountDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The tables of access, on SQLite. */
class SqliteAccessTest extends AccessTablesContract {
  @TempDir Path folder;

  @Override
  AccountDatabase open() {
    return AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
  }
}
