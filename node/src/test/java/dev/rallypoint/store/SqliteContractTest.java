package dev.rallypoint.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the store, on SQLite. */
class SqliteContractTest extends PeerStoreContract {
  @TempDir Path folder;

  @Override
  PeerStore open() {
    return GroupedPeerStore.openSqlite(folder.resolve("db_v2.sqlite3"));
  }
}
