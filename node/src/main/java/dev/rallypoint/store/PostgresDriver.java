package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.PostgresSettings.Server;
import dev.rallypoint.config.SettingException;
import java.time.Duration;
import org.postgresql.PGProperty;

/**
 * Builds data sources of the PostgreSQL driver. The parameters in {@code db-url} override the
 * defaults set here.
 */
final class PostgresDriver {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Longer than a commit takes on a busy disk, and shorter than a client waits. */
  static final Duration ANSWER = Duration.ofSeconds(5);

  /** A statement that reads a whole large table may take this long until its first row. */
  private static final Duration LONG_ANSWER = Duration.ofMinutes(10);

  private PostgresDriver() {}

  /**
   * Connections with a timeout of a few seconds for each answer: a server may stop to answer
   * without closing the connection.
   */
  static PostgresSource source(PostgresSettings settings) {
    return source(settings, ANSWER);
  }

  /** Connections with a long timeout, also where {@code db-url} sets a shorter one. */
  static PostgresSource longSource(PostgresSettings settings) {
    PostgresSource source = source(settings, LONG_ANSWER);
    if (source.getSocketTimeout() != 0) {
      source.setSocketTimeout(
          Math.max(source.getSocketTimeout(), Math.toIntExact(LONG_ANSWER.toSeconds())));
    }
    return source;
  }

  /**
   * Connections with another timeout.
   *
   * @param answer the timeout of one answer
   * @throws SettingException for a parameter in {@code db-url} that the driver does not know
   */
  static PostgresSource source(PostgresSettings settings, Duration answer) {
    PostgresSource source = new PostgresSource();
    source.setServerNames(settings.servers().stream().map(Server::host).toArray(String[]::new));
    source.setPortNumbers(settings.servers().stream().mapToInt(Server::port).toArray());
    source.setDatabaseName(settings.database());
    source.setUser(settings.user());
    if (!settings.password().isEmpty()) {
      source.setPassword(settings.password());
    }
    source.setProperty(PGProperty.CONNECT_TIMEOUT, String.valueOf(CONNECT.toSeconds()));
    // For each server of the url: the time to connect, and to log in.
    source.setProperty(
        PGProperty.LOGIN_TIMEOUT,
        String.valueOf(CONNECT.plus(ANSWER).multipliedBy(settings.servers().size()).toSeconds()));
    source.setProperty(PGProperty.SOCKET_TIMEOUT, String.valueOf(answer.toSeconds()));
    source.setProperty(PGProperty.TCP_KEEP_ALIVE, "true");
    source.setProperty(PGProperty.APPLICATION_NAME, "rallypoint");
    // Otherwise exceptions show whole rows, with the secrets of devices.
    source.setProperty(PGProperty.LOG_SERVER_ERROR_DETAIL, "false");
    if (settings.servers().size() > 1) {
      source.setProperty(PGProperty.TARGET_SERVER_TYPE, "primary");
    }
    LibpqParameters.of(settings).forEach(source::setProperty);
    return source;
  }
}
