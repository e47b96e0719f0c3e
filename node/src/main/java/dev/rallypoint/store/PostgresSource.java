package dev.rallypoint.store;

import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The driver's source of connections, which keeps the times that it was told and has the server
 * keep them too.
 */
final class PostgresSource extends PGSimpleDataSource {
  @Serial private static final long serialVersionUID = 1;

  /** Nothing: a pool would put its own wait in the place of what the url says. */
  @Override
  public void setLoginTimeout(int seconds) {}

  /** What the server is to end on these connections. */
  PostgresServerLimits limits() {
    return new PostgresServerLimits(
        getSocketTimeout() == 0 ? PostgresDriver.ANSWER : Duration.ofSeconds(getSocketTimeout()));
  }

  /** Limits are set afterwards, because poolers refuse them for a connection that is new. */
  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    Connection connection = super.getConnection(user, password);
    String options = getOptions();
    if (options != null && options.contains("_timeout")) {
      return connection; // the url has its own
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
