package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.PostgresSettings.Server;
import dev.rallypoint.config.SettingException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** What the driver is told. The parameters of {@code db-url} have the last word. */
final class PostgresDriver {
  private static final String CONNECT_SECONDS = "2";

  /** Longer than a commit waits for a busy disk, shorter than anyone waits for an answer. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private PostgresDriver() {}

  /** Connections that give an answer up after a few seconds: a server may fall silent. */
  static DataSource source(PostgresSettings settings) {
    return source(settings, ANSWER);
  }

  /**
   * Connections for long work.
   *
   * @param answer how long one answer may take
   * @throws SettingException for a parameter that the driver does not have
   */
  static DataSource source(PostgresSettings settings, Duration answer) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(settings.servers().stream().map(Server::host).toArray(String[]::new));
    source.setPortNumbers(settings.servers().stream().mapToInt(Server::port).toArray());
    source.setDatabaseName(settings.database());
    source.setUser(settings.user());
    if (!settings.password().isEmpty()) {
      source.setPassword(settings.password());
    }
    source.setProperty(PGProperty.CONNECT_TIMEOUT, CONNECT_SECONDS);
    source.setProperty(PGProperty.SOCKET_TIMEOUT, String.valueOf(answer.toSeconds()));
    source.setProperty(PGProperty.TCP_KEEP_ALIVE, "true");
    source.setProperty(PGProperty.APPLICATION_NAME, "rallypoint");
    // Otherwise exceptions show whole rows, and with them what proves a device's identity.
    source.setProperty(PGProperty.LOG_SERVER_ERROR_DETAIL, "false");
    if (settings.servers().size() > 1) {
      source.setProperty(PGProperty.TARGET_SERVER_TYPE, "primary");
    }
    for (Map.Entry<String, String> parameter : settings.parameters().entrySet()) {
      source.setProperty(known(settings, parameter.getKey()), parameter.getValue());
    }
    return source;
  }

  private static PGProperty known(PostgresSettings settings, String name) {
    PGProperty known = PGProperty.forName(name);
    if (known == null) {
      throw PostgresRefusal.of(
          settings, "the PostgreSQL driver has no parameter " + name + ", such as sslmode");
    }
    return known;
  }
}
