package dev.rallypoint.store;

import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A data source that keeps its timeouts, and has the server enforce them too. */
final class PostgresSource extends PGSimpleDataSource {
  @Serial private static final long serialVersionUID = 1;

  /** Ignored: a pool would override the timeout in {@code db-url}. */
  @Override
  public void setLoginTimeout(int seconds) {}

  /** The timeouts that the server enforces on these connections. */
  PostgresServerLimits limits() {
    return new PostgresServerLimits(
        getSocketTimeout() == 0 ? PostgresDriver.ANSWER : Duration.ofSeconds(getSocketTimeout()));
  }

  /**
   * They are set after connecting, because poolers refuse them as parameters of a new connection.
   */
  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    Connection connection = super.getConnection(user, password);
    String options = getOptions();
    if (options != null && options.contains("_timeout")) {
      return connection; // db-url sets its own
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(limits().forConnection());
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
