package dev.rallypoint.audit;

import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Audits, on PostgreSQL. */
class PostgresAuditTest extends AuditContract {
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
          handle.execute(
              "truncate api_audit_connection, api_audit_file, api_audit_alarm, api_audit_console,"
                  + " api_audit_nonce, api_disconnect");
          handle.execute("delete from api_user");
          handle.execute("update api_job set claimed_until = 0");
        });
    super.begin();
  }

  @Override
  AccountDatabase open() {
    return AccountDatabase.in(shared);
  }
}
