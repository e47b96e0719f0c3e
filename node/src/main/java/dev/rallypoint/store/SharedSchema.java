package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;

/** The tables of the shared database: whether they may be made, and bringing them up to date. */
final class SharedSchema {
  /** Any number that is nobody else's lock in this database. */
  private static final long MIGRATION_LOCK = 0x52616c6c79L;

  /** Half of how long it may be held, and about how long it is waited for. */
  private static final Duration LOCKED = Duration.ofMinutes(1);

  /** Or need not, because they are there. Flyway would find out too, after ten seconds. */
  private static final String MAY_MAKE_TABLES =
      """
      select to_regclass('rallypoint_schema_history') is not null
        or coalesce(has_schema_privilege(current_schema(), 'create'), false)
      """;

  /** The tables, and what a node does in them. */
  private static final SortedMap<String, String> NEEDS =
      new TreeMap<>(
          Map.of(
              "peer", "select insert update delete",
              "cluster_member", "select insert update delete",
              "cluster_lease", "select insert update delete",
              "cluster_key", "select insert",
              "cluster_database", "select"));

  private final PostgresSettings settings;
  private final Connection connection;

  private SharedSchema(PostgresSettings settings, Connection connection) {
    this.settings = settings;
    this.connection = connection;
  }

  /**
   * Makes or changes the tables, one node at a time.
   *
   * @param connection one of the source's
   * @param oldest the first version of the server that will do
   * @return which database this is: a number that it was given with its tables
   * @throws SettingException when this database cannot be used; its one line says why
   */
  static String upToDate(
      PostgresSettings settings, PostgresSource source, Connection connection, int oldest)
      throws SQLException {
    SharedSchema tables = new SharedSchema(settings, connection);
    tables.checkServer(oldest);
    tables.migrate(source);
    tables.checkRights();
    return tables.ask("select id::text from cluster_database");
  }

  private void checkServer(int oldest) throws SQLException {
    if (connection.getMetaData().getDatabaseMajorVersion() < oldest) {
      throw PostgresError.of(
          settings,
          "the server is PostgreSQL %s; %d or newer is needed"
              .formatted(connection.getMetaData().getDatabaseProductVersion(), oldest));
    }
    if (ask("show transaction_read_only").equals("on")) {
      throw PostgresError.of(settings, "the server only reads; name the primary, not a standby");
    }
    if (!ask("show server_encoding").equals("UTF8")) {
      throw PostgresError.of(
          settings, "the database must hold Unicode; create database ... encoding 'UTF8'");
    }
    if (ask(MAY_MAKE_TABLES).equals("f")) {
      throw PostgresError.of(
          settings,
          "%s may make no tables; let it own the database, or grant create on schema public to %s"
              .formatted(settings.user(), settings.user()));
    }
  }

  /**
   * One node at a time. Flyway has a lock of its own but looks for it once a second; here the next
   * node goes on at once. The lock is the transaction's, so that it also works through a pooler.
   */
  private void migrate(PostgresSource source) throws SQLException {
    connection.setAutoCommit(false);
    // It stands idle while Flyway works, and lets go when this node vanishes.
    ask(new PostgresServerLimits(LOCKED).forTransaction());
    ask("select pg_advisory_xact_lock(" + MIGRATION_LOCK + ")::text");
    Flyway.configure(SharedSchema.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/postgresql")
        .table("rallypoint_schema_history")
        // Other programs' tables may be in the database.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void checkRights() throws SQLException {
    for (Map.Entry<String, String> need : NEEDS.entrySet()) {
      for (String right : need.getValue().split(" ")) {
        String question =
            "select has_table_privilege('%s', '%s')::text".formatted(need.getKey(), right);
        if (!ask(question).equals("true")) {
          throw PostgresError.of(
              settings,
              "%s may not %s in the table %s; grant all on %s to %s"
                  .formatted(
                      settings.user(),
                      right,
                      need.getKey(),
                      String.join(", ", NEEDS.keySet()),
                      settings.user()));
        }
      }
    }
  }

  private String ask(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      return answer.getString(1);
    }
  }
}
