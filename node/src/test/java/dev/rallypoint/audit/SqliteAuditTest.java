package dev.rallypoint.audit;

import dev.rallypoint.store.account.AccountDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Audits, on SQLite. */
class SqliteAuditTest extends AuditContract {
  @TempDir Path folder;

  @Override
  AccountDatabase open() {
    return AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
  }
}
