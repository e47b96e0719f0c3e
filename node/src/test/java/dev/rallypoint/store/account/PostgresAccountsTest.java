package dev.rallypoint.store.account;

import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The tables of accounts, on PostgreSQL, beside those of the peers. */
class PostgresAccountsTest extends AccountDatabaseContract {
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
  void empty() {
    shared
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              "truncate api_user, api_token, api_backup_code, api_pending_login,"
                  + " api_login_failure, api_invitation, api_setup_code, api_device, api_device_group"
                  + " cascade");
          handle.execute("delete from api_user_group where name_key <> 'default'");
        });
  }

  @Override
  AccountDatabase open() {
    return AccountDatabase.in(shared);
  }
}
