package dev.rallypoint.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL database that the nodes of a cluster share, as a pool of connections. Opening it
 * creates or migrates its tables; any number of nodes may open it at once.
 *
 * <p>A transaction fails within a few seconds when the database does not answer, and succeeds again
 * when it does.
 */
public final class SharedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedDatabase.class);

  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
  private static final Duration CONNECTION_WAIT = Duration.ofSeconds(1);
  private static final Duration FIRST_CONNECTION_WAIT = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int CONNECTIONS = 8;
  private static final int ATTEMPTS = 5;

  /** The oldest major version of PostgreSQL that still gets security updates. */
  static final int OLDEST = 14;

  private final PostgresSettings settings;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final String id;

  /** The statements of a transaction, which have an answer. */
  public interface Work<T> {
    /** Runs the statements; the transaction is rolled back when it throws. */
    T in(Connection transaction) throws SQLException;
  }

  /** The statements of a long transaction. */
  public interface LongWork {
    /** Runs the statements; the transaction is rolled back when it throws. */
    void in(Connection transaction) throws SQLException;
  }

  private SharedDatabase(PostgresSettings settings, String id, HikariDataSource pool) {
    this.settings = settings;
    this.id = id;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    // A message must not show the parameters of a statement: a secret key, or a device's uuid.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
  }

  /**
   * Connects, waits a while for a server that is starting, and migrates the tables.
   *
   * @throws SettingException when this database cannot be used; its one line says why
   */
  public static SharedDatabase open(PostgresSettings settings) {
    return open(settings, START_TIMEOUT, OLDEST);
  }

  static SharedDatabase open(PostgresSettings settings, Duration timeout, int oldest) {
    PostgresSource slowSource = PostgresDriver.source(settings, Duration.ofMinutes(1));
    try (Connection connection = awaited(settings, slowSource, timeout)) {
      String id = SharedSchema.upToDate(settings, slowSource, connection, oldest);
      return new SharedDatabase(settings, id, pool(settings));
    } catch (SQLException | FlywayException | PoolInitializationException e) {
      throw PostgresError.of(settings, e);
    }
  }

  /** The id of the database: a number that it was given with its tables. */
  public String id() {
    return id;
  }

  /**
   * How many peers are known.
   *
   * @throws SettingException when the database does not tell
   */
  public long peers() {
    try {
      return jdbi.withHandle(
          handle -> handle.createQuery("select count(*) from peer").mapTo(Long.class).one());
    } catch (JdbiException e) {
      throw refusal(e);
    }
  }

  /**
   * Whether any peer is known.
   *
   * @throws SettingException when the database does not tell
   */
  public boolean knowsPeers() {
    try {
      return jdbi.withHandle(handle ->
          handle.createQuery("select exists (select 1 from peer)").mapTo(Boolean.class).one());
    } catch (JdbiException e) {
      throw refusal(e);
    }
  }

  /** The pool of connections; one that is not returned soon is missing to others. */
  public Jdbi jdbi() {
    return jdbi;
  }

  /**
   * Runs a transaction. It is repeated where another transaction was in its way, and once more on
   * another connection where its connection was lost; so it must be repeatable.
   *
   * @throws SQLException when the database does not answer, after some seconds at the latest
   */
  public <T> T inTransaction(Work<T> work) throws SQLException {
    boolean wasLost = false;
    for (int attempt = 1; ; attempt++) {
      // The pool rolls a connection back that is closed without a commit.
      try (Connection connection = pool.getConnection()) {
        connection.setAutoCommit(false);
        T answer = work.in(connection);
        connection.commit();
        return answer;
      } catch (SQLTransientConnectionException e) {
        throw e; // the pool has waited for a connection
      } catch (SQLException e) {
        boolean isLost = PostgresError.isLostConnection(e);
        if (isLost ? wasLost : attempt == ATTEMPTS || !PostgresError.isRetryable(e)) {
          throw e;
        }
        if (isLost) {
          LOG.warn("lost a connection to {}: {}", settings, PostgresError.reason(e));
          wasLost = true;
          pool.getHikariPoolMXBean().softEvictConnections(); // the others are most likely lost too
        }
      }
    }
  }

  /**
   * A read-only connection outside of the pool, for work that takes minutes: its transaction sees
   * the database as of one moment. The caller closes it.
   *
   * @throws SQLException when the database does not answer
   */
  public Connection openSnapshot() throws SQLException {
    PostgresSource source = PostgresDriver.longSource(settings);
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      statement.execute(source.timeouts(true));
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Runs a transaction that may take minutes, on a connection outside of the pool. It is not
   * repeated.
   *
   * @throws SQLException when the database does not answer, or a statement fails
   */
  public void inLongTransaction(LongWork work) throws SQLException {
    PostgresSource source = PostgresDriver.longSource(settings);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(source.timeouts(true));
      work.in(connection);
      connection.commit();
    }
  }

  /**
   * Creates or migrates further tables, one node at a time.
   *
   * @param location where their scripts are, as Flyway writes it
   * @param history the table that Flyway notes them in
   * @throws SettingException when the database cannot be used; its one line says why
   */
  public void migrate(String location, String history) {
    PostgresSource slowSource = PostgresDriver.source(settings, Duration.ofMinutes(1));
    try (Connection connection = slowSource.getConnection()) {
      new SharedSchema(settings, connection).migrate(slowSource, location, history);
    } catch (SQLException | FlywayException e) {
      throw refusal(e);
    }
  }

  /** The line for an operator whose command failed by this. */
  public SettingException refusal(Exception failure) {
    return PostgresError.of(settings, failure);
  }

  @Override
  public void close() {
    pool.close();
  }

  private static Connection awaited(PostgresSettings settings, DataSource source, Duration timeout)
      throws SQLException {
    long end = System.nanoTime() + timeout.toNanos();
    for (boolean isFirst = true; ; isFirst = false) {
      try {
        return source.getConnection();
      } catch (SQLException e) {
        if (!PostgresError.isTransient(e) || System.nanoTime() - end > 0) {
          throw e;
        }
        if (isFirst) {
          LOG.info("waiting for {}: {}", settings, PostgresError.reason(e));
        }
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  private static HikariDataSource pool(PostgresSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(PostgresDriver.source(settings));
    config.setPoolName("shared-database");
    config.setMaximumPoolSize(CONNECTIONS);
    // An idle node leaves the server's connections to others.
    config.setMinimumIdle(1);
    config.setIdleTimeout(IDLE.toMillis());
    config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
    config.setValidationTimeout(CONNECTION_WAIT.toMillis() / 2);
    // The server has answered just now; a busy machine may need longer for the next connection.
    config.setInitializationFailTimeout(FIRST_CONNECTION_WAIT.toMillis());
    // Else the pool asks its first connection for it, and is of no use if that one is lost then.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setExceptionOverride(new LostConnections());
    return new HikariDataSource(config);
  }

  /** Evicts connections that were lost, or lead to a server that is not the primary. */
  private static final class LostConnections implements SQLExceptionOverride {
    @java.lang.Override // the other one is the interface's
    public Override adjudicate(SQLException failure) {
      return PostgresError.isLostConnection(failure)
          ? Override.MUST_EVICT
          : Override.CONTINUE_EVICT;
    }
  }
}
