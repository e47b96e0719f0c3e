package dev.rallypoint.store;

import dev.rallypoint.testing.TestPostgres;

class PostgresContractTest extends PeerStoreContract {
  private final String url = TestPostgres.database();

  @Override
  PeerStore open() {
    return PostgresPeerStore.open(TestPostgres.settings(url));
  }
}
