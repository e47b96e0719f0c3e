package dev.rallypoint.store;

import dev.rallypoint.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract of the store, on PostgreSQL. */
class PostgresContractTest extends PeerStoreContract {
  private static SharedDatabase database;

  @BeforeAll
  static void openTheDatabase() {
    database = SharedDatabase.open(TestPostgres.settings(TestPostgres.database()));
  }

  @AfterAll
  static void closeTheDatabase() {
    database.close();
  }

  @BeforeEach
  void empty() {
    database.jdbi().useHandle(handle -> handle.execute("truncate peer, new_peer"));
  }

  @Override
  PeerStore open() {
    return GroupedPeerStore.in(database);
  }
}
