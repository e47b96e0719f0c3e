package dev.rallypoint.store.account;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The tables of devices, on SQLite. */
class SqliteDevicesTest extends DeviceTablesContract {
  @TempDir Path folder;

  @Override
  AccountDatabase open() {
    return AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
  }
}
