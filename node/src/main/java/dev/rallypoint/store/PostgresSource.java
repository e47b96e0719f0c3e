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

  /**
   * The statement that sets timeouts which the server enforces. Without them a statement that waits
   * for a lock goes on after its client gave up, and the locks of a node that vanished last for
   * hours. The server gives up shortly before the client, so that the client gets its reason.
   *
   * @param answer how long the client waits for one answer
   * @param isLocal whether they are of the transaction, which also works through a pooler
   */
  static String timeouts(Duration answer, boolean isLocal) {
    return """
    select set_config('statement_timeout', '%d', %3$b),
      set_config('idle_in_transaction_session_timeout', '%d', %3$b)
    """
        .formatted(answer.toMillis() * 4 / 5, answer.toMillis() * 2, isLocal);
  }

  /** The statement that sets the timeouts of these connections. */
  String timeouts(boolean isLocal) {
    int seconds = getSocketTimeout();
    return timeouts(seconds == 0 ? PostgresDriver.ANSWER : Duration.ofSeconds(seconds), isLocal);
  }

  /** Sets the timeouts after connecting: poolers refuse them as parameters of a connection. */
  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    Connection connection = super.getConnection(user, password);
    String options = getOptions();
    if (options != null && options.contains("_timeout")) {
      return connection; // db-url sets its own
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(timeouts(false));
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
