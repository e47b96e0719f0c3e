package dev.rallypoint.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL database that the nodes of a cluster share: a pool of connections, its tables up
 * to date. Any number of nodes may open it at once.
 *
 * <p>A use fails within a few seconds when the database does not answer, and works again when it
 * does.
 */
public final class SharedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedDatabase.class);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
  private static final Duration CONNECTION_WAIT = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int CONNECTIONS = 8;
  private static final int ATTEMPTS = 5;

  /** The oldest server that is still looked after by its makers. */
  private static final int OLDEST = 14;

  /** Any number that is nobody else's lock in this database. */
  private static final long MIGRATION_LOCK = 0x52616c6c79L;

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
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final String id;

  /**
   * Something to do in a transaction.
   *
   * @param <T> its answer
   */
  public interface Work<T> {
    /** Does it, or throws and nothing is done. */
    T in(Connection transaction) throws SQLException;
  }

  private SharedDatabase(PostgresSettings settings, String id, HikariDataSource pool) {
    this.settings = settings;
    this.id = id;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    // A message must not show what a statement carried: a secret key, or what proves a device.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
  }

  /**
   * Connects, waits a while for a server that is just starting, and brings the tables up to date.
   *
   * @throws SettingException when this database cannot be used; its one line says why
   */
  public static SharedDatabase open(PostgresSettings settings) {
    return open(settings, PATIENCE, OLDEST);
  }

  static SharedDatabase open(PostgresSettings settings, Duration patience, int oldest) {
    DataSource unhurried = PostgresDriver.source(settings, Duration.ofMinutes(1));
    try (Connection connection = awaited(settings, unhurried, patience)) {
      checkServer(settings, connection, oldest);
      migrate(connection, unhurried);
      checkRights(settings, connection);
      String id = ask(connection, "select id::text from cluster_database");
      return new SharedDatabase(settings, id, pool(PostgresDriver.source(settings)));
    } catch (SQLException | FlywayException e) {
      throw PostgresRefusal.of(settings, e);
    }
  }

  /** Which database this is: a number that it was given with its tables. */
  public String id() {
    return id;
  }

  /** Connections of the pool; one that is kept for long is missing to others. */
  public DataSource dataSource() {
    return pool;
  }

  /** The same for statements. */
  public Jdbi jdbi() {
    return jdbi;
  }

  /**
   * Does something in one transaction. Where another transaction was in its way it is done again,
   * and where the connection was lost once more on another one: it must bear being done twice.
   *
   * @throws SQLException when the database does not answer, at the latest after some seconds
   */
  public <T> T inTransaction(Work<T> work) throws SQLException {
    boolean wasLost = false;
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (SQLTransientConnectionException e) {
        throw e; // the pool waited for a connection already
      } catch (SQLException e) {
        boolean isLost = PostgresRefusal.isLostConnection(e);
        if (isLost ? wasLost : attempt == ATTEMPTS || !PostgresRefusal.isOfTheMoment(e)) {
          throw e;
        }
        if (isLost) {
          LOG.warn("lost a connection to {}: {}", settings, PostgresRefusal.reason(e));
          wasLost = true;
          pool.getHikariPoolMXBean().softEvictConnections(); // the others are lost too
        }
      }
    }
  }

  /** The one line for an operator whose command the database failed. */
  public SettingException refusal(Exception failure) {
    return PostgresRefusal.of(settings, failure);
  }

  private <T> T once(Work<T> work) throws SQLException {
    // Closed without a commit it is rolled back by the pool.
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      T answer = work.in(connection);
      connection.commit();
      return answer;
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private static Connection awaited(PostgresSettings settings, DataSource source, Duration patience)
      throws SQLException {
    long end = System.nanoTime() + patience.toNanos();
    for (boolean isFirst = true; ; isFirst = false) {
      try {
        return source.getConnection();
      } catch (SQLException e) {
        if (!PostgresRefusal.mayPass(e) || System.nanoTime() - end > 0) {
          throw e;
        }
        if (isFirst) {
          LOG.info("waiting for {}: {}", settings, PostgresRefusal.reason(e));
        }
        pause(e);
      }
    }
  }

  private static void pause(SQLException cause) throws SQLException {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cause;
    }
  }

  private static void checkServer(PostgresSettings settings, Connection connection, int oldest)
      throws SQLException {
    if (connection.getMetaData().getDatabaseMajorVersion() < oldest) {
      throw PostgresRefusal.of(
          settings,
          "the server is PostgreSQL %s; %d or newer is needed"
              .formatted(connection.getMetaData().getDatabaseProductVersion(), oldest));
    }
    if (ask(connection, "show transaction_read_only").equals("on")) {
      throw PostgresRefusal.of(settings, "the server only reads; name the primary, not a standby");
    }
    if (!ask(connection, "show server_encoding").equals("UTF8")) {
      throw PostgresRefusal.of(
          settings, "the database must hold Unicode; create database ... encoding 'UTF8'");
    }
    if (ask(connection, MAY_MAKE_TABLES).equals("f")) {
      throw PostgresRefusal.of(
          settings,
          "%s may make no tables; let it own the database, or grant create on schema public to %s"
              .formatted(settings.user(), settings.user()));
    }
  }

  /**
   * One node at a time. Flyway has a lock of its own but looks for it once a second; here the next
   * node goes on at once. The lock is the transaction's, so that it also works through a pooler.
   */
  private static void migrate(Connection connection, DataSource source) throws SQLException {
    connection.setAutoCommit(false);
    ask(connection, "select pg_advisory_xact_lock(" + MIGRATION_LOCK + ")::text");
    Flyway.configure(SharedDatabase.class.getClassLoader())
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

  private static void checkRights(PostgresSettings settings, Connection connection)
      throws SQLException {
    for (Map.Entry<String, String> need : NEEDS.entrySet()) {
      for (String right : need.getValue().split(" ")) {
        String question =
            "select has_table_privilege('%s', '%s')::text".formatted(need.getKey(), right);
        if (!ask(connection, question).equals("true")) {
          throw PostgresRefusal.of(
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

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      return answer.getString(1);
    }
  }

  private static HikariDataSource pool(DataSource source) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setPoolName("shared-database");
    config.setMaximumPoolSize(CONNECTIONS);
    // A node at rest leaves the server's connections to others.
    config.setMinimumIdle(1);
    config.setIdleTimeout(IDLE.toMillis());
    config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
    config.setValidationTimeout(CONNECTION_WAIT.toMillis() / 2);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }
}
