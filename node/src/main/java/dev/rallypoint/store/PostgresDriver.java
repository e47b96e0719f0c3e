package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.PostgresSettings.Server;
import dev.rallypoint.config.SettingException;
import java.time.Duration;
import org.postgresql.PGProperty;

/** What the driver is told. The parameters of {@code db-url} have the last word. */
final class PostgresDriver {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Longer than a commit waits for a busy disk, shorter than anyone waits for an answer. */
  static final Duration ANSWER = Duration.ofSeconds(5);

  /** What reads the whole of a large table is counted before its first row comes. */
  private static final Duration LONG_ANSWER = Duration.ofMinutes(10);

  private PostgresDriver() {}

  /** Connections that give an answer up after a few seconds: a server may fall silent. */
  static PostgresSource source(PostgresSettings settings) {
    return source(settings, ANSWER);
  }

  /** Connections that wait for long answers, whatever the url says of the others. */
  static PostgresSource patientSource(PostgresSettings settings) {
    PostgresSource source = source(settings, LONG_ANSWER);
    if (source.getSocketTimeout() != 0) {
      source.setSocketTimeout(
          Math.max(source.getSocketTimeout(), Math.toIntExact(LONG_ANSWER.toSeconds())));
    }
    return source;
  }

  /**
   * Connections for longer work.
   *
   * @param answer how long one answer may take
   * @throws SettingException for a parameter that the driver does not have
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
    // Time for each server: to be connected to, or to be given up, and to let us in.
    source.setProperty(
        PGProperty.LOGIN_TIMEOUT,
        String.valueOf(CONNECT.plus(ANSWER).multipliedBy(settings.servers().size()).toSeconds()));
    source.setProperty(PGProperty.SOCKET_TIMEOUT, String.valueOf(answer.toSeconds()));
    source.setProperty(PGProperty.TCP_KEEP_ALIVE, "true");
    source.setProperty(PGProperty.APPLICATION_NAME, "rallypoint");
    // Otherwise exceptions show whole rows, and with them what proves a device's identity.
    source.setProperty(PGProperty.LOG_SERVER_ERROR_DETAIL, "false");
    if (settings.servers().size() > 1) {
      source.setProperty(PGProperty.TARGET_SERVER_TYPE, "primary");
    }
    LibpqParameters.of(settings).forEach(source::setProperty);
    return source;
  }
}
