package dev.rallypoint.store.access;

import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The tables of access, on PostgreSQL. */
class PostgresAccessTest extends AccessTablesContract {
  private static SharedDatabase shared;

  @BeforeAll
  static void openTheDatabase() {
    shared = SharedDatabase.open(TestPostgres.settings(TestPostgres.database()));
  }

  @AfterAll
  static void closeTheDatabase() {
    shared.close();
  }

  @Override
  AccountDatabase open() {
    AccountDatabase database = AccountDatabase.in(shared);
    shared
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              "truncate api_user, api_device, api_device_group, api_access_rule, api_network_rule,"
                  + " api_switch_grant cascade");
          handle.execute("delete from api_control_role where built_in is null");
        });
    return database;
  }
}
