package dev.rallypoint.book;

import dev.rallypoint.store.account.AccountDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On PostgreSQL. */
class PostgresAddressBooksTest extends AddressBooksContract {
  private static BookDatabase shared;

  @BeforeAll
  static void openTheDatabase() {
    shared = BookDatabase.open();
  }

  @AfterAll
  static void closeTheDatabase() {
    shared.close();
  }

  @Override
  AccountDatabase open() {
    return shared.empty();
  }
}
