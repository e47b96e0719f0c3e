package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;

/** Creates and migrates the tables of the shared database, and checks the privileges. */
record SharedSchema(PostgresSettings settings, Connection connection) {
  /** The key of an advisory lock; any number that nothing else in this database uses. */
  private static final long MIGRATION_LOCK = 0x52616c6c79L;

  /** Half of the time that the lock may be held, and about how long it is awaited. */
  private static final Duration LOCK_TIME = Duration.ofMinutes(1);

  /** Whether the user may create tables, or all exist; Flyway finds out after ten seconds. */
  private static final String MAY_CREATE_TABLES =
      """
      select to_regclass('rallypoint_schema_history') is not null
        or coalesce(has_schema_privilege(current_schema(), 'create'), false)
      """;

  /** The privileges that a node needs on each table. */
  private static final SortedMap<String, String> PRIVILEGES =
      new TreeMap<>(
          Map.of(
              "peer", "select insert update delete",
              "new_peer", "select insert update delete",
              "peer_day", "select insert update delete",
              "shared_rule", "select insert update delete",
              "cluster_member", "select insert update delete",
              "cluster_lease", "select insert update delete",
              "cluster_key", "select insert",
              "cluster_database", "select"));

  /**
   * Creates or migrates the tables, one node at a time.
   *
   * @param oldest the first major version of the server that is supported
   * @return the id of the database: a number that it was given with its tables
   * @throws SettingException when this database cannot be used; its one line says why
   */
  static String upToDate(
      PostgresSettings settings, PostgresSource source, Connection connection, int oldest)
      throws SQLException {
    SharedSchema tables = new SharedSchema(settings, connection);
    tables.checkServer(oldest);
    tables.migrate(source, "classpath:db/postgresql", "rallypoint_schema_history");
    tables.checkPrivileges();
    return tables.ask("select id::text from cluster_database");
  }

  /**
   * Checks the server, and the privileges where the tables exist; changes nothing.
   *
   * @return whether the tables exist
   * @throws SettingException when this database cannot be used; its one line says why
   */
  boolean checkedWithoutChange(int oldest) throws SQLException {
    checkServer(oldest);
    boolean isMade = ask("select to_regclass('rallypoint_schema_history') is not null").equals("t");
    if (isMade) {
      checkPrivileges();
    }
    return isMade;
  }

  private void checkServer(int oldest) throws SQLException {
    DatabaseMetaData server = connection.getMetaData();
    require(
        server.getDatabaseMajorVersion() >= oldest,
        "the server is PostgreSQL %s; %d or newer is needed",
        server.getDatabaseProductVersion(),
        oldest);
    require(
        !ask("show transaction_read_only").equals("on"),
        "the server only reads; name the primary, not a standby");
    require(
        ask("show server_encoding").equals("UTF8"),
        "the database must hold Unicode; create database ... encoding 'UTF8'");
    require(
        !ask(MAY_CREATE_TABLES).equals("f"),
        "%1$s may make no tables; let it own the database, or grant create on schema public to %1$s",
        settings.user());
  }

  private void require(boolean isMet, String advice, Object... arguments) {
    if (!isMet) {
      throw PostgresError.of(settings, advice.formatted(arguments));
    }
  }

  /**
   * Takes a lock, so that one node migrates at a time. Flyway has its own lock, but tries it once a
   * second only; here the next node continues at once. The lock belongs to the transaction, so it
   * also works through a connection pooler.
   */
  void migrate(PostgresSource source, String location, String history) throws SQLException {
    connection.setAutoCommit(false);
    // The transaction is idle while Flyway works; the timeout frees the lock if this node vanishes.
    ask(PostgresSource.timeouts(LOCK_TIME, true));
    ask("select pg_advisory_xact_lock(" + MIGRATION_LOCK + ")::text");
    Flyway.configure(SharedSchema.class.getClassLoader())
        .dataSource(source)
        .locations(location)
        .table(history)
        // Other programs' tables may be in the database.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void checkPrivileges() throws SQLException {
    for (Map.Entry<String, String> need : PRIVILEGES.entrySet()) {
      for (String right : need.getValue().split(" ")) {
        String question =
            "select has_table_privilege('%s', '%s')::text".formatted(need.getKey(), right);
        require(
            ask(question).equals("true"),
            "%1$s may not %2$s in the table %3$s; grant all on %4$s to %1$s",
            settings.user(),
            right,
            need.getKey(),
            String.join(", ", PRIVILEGES.keySet()));
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
