package dev.rallypoint.book;

import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.testing.TestPostgres;

/** A database of PostgreSQL that the tests of one class use one after the other. */
record BookDatabase(SharedDatabase shared) implements AutoCloseable {
  static BookDatabase open() {
    return new BookDatabase(SharedDatabase.open(TestPostgres.settings(TestPostgres.database())));
  }

  /** The tables, without users and their books. */
  AccountDatabase empty() {
    AccountDatabase database = AccountDatabase.in(shared);
    shared
        .jdbi()
        .useHandle(handle -> handle.execute("truncate api_user, api_address_book cascade"));
    return database;
  }

  @Override
  public void close() {
    shared.close();
  }
}
