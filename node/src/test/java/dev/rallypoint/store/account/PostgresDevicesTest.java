package dev.rallypoint.store.account;

import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The tables of devices, on PostgreSQL. */
class PostgresDevicesTest extends DeviceTablesContract {
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

  @Override
  AccountDatabase open() {
    shared
        .jdbi()
        .useHandle(handle -> {
          handle.execute("delete from api_device");
          handle.execute("delete from api_device_group");
          handle.execute("delete from api_user");
          handle.execute("delete from api_program_token");
        });
    return AccountDatabase.in(shared);
  }
}
