package dev.rallypoint.strategy;

import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Strategies, on PostgreSQL. */
class PostgresStrategyTest extends StrategyContract {
  private static SharedDatabase shared;

  @BeforeAll
  static void openTheDatabase() {
    shared = SharedDatabase.open(TestPostgres.settings(TestPostgres.database()));
    AccountDatabase.in(shared).close();
  }

  @AfterAll
  static void closeTheDatabase() {
    shared.close();
  }

  @BeforeEach
  @Override
  void begin() {
    shared
        .jdbi()
        .useHandle(handle -> {
          handle.execute("delete from api_device");
          handle.execute("delete from api_device_group");
          handle.execute("delete from api_user");
          handle.execute("truncate api_strategy, api_strategy_version");
        });
    super.begin();
  }

  @Override
  AccountDatabase open() {
    return AccountDatabase.in(shared);
  }
}
