package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/**
 * The parameters of {@code db-url} as the driver names them. Providers show urls with the names of
 * libpq, PostgreSQL's own library; those that have a twin in the driver are translated.
 */
final class LibpqParameters {
  private static final Map<String, PGProperty> OF_DRIVER =
      Arrays.stream(PGProperty.values())
          .collect(
              Collectors.toMap(
                  property -> property.getName().toLowerCase(Locale.ROOT), Function.identity()));

  private static final Map<String, PGProperty> TWINS =
      Map.ofEntries(
          Map.entry("connect_timeout", PGProperty.CONNECT_TIMEOUT),
          Map.entry("application_name", PGProperty.APPLICATION_NAME),
          Map.entry("fallback_application_name", PGProperty.APPLICATION_NAME),
          Map.entry("channel_binding", PGProperty.CHANNEL_BINDING),
          Map.entry("require_auth", PGProperty.REQUIRE_AUTH),
          Map.entry("target_session_attrs", PGProperty.TARGET_SERVER_TYPE),
          Map.entry("load_balance_hosts", PGProperty.LOAD_BALANCE_HOSTS),
          Map.entry("keepalives", PGProperty.TCP_KEEP_ALIVE),
          Map.entry("krbsrvname", PGProperty.KERBEROS_SERVER_NAME));

  /** What to write in place of names that have no twin, of libpq and of other programs' drivers. */
  private static final Map<String, String> NEAREST =
      Map.ofEntries(
          Map.entry("keepalives_idle", "leave it out; keepalives=1 is on"),
          Map.entry("keepalives_interval", "leave it out; keepalives=1 is on"),
          Map.entry("keepalives_count", "leave it out; keepalives=1 is on"),
          Map.entry("tcp_user_timeout", "write socketTimeout, in seconds"),
          Map.entry("statement_timeout", "write socketTimeout, in seconds"),
          Map.entry("passfile", "name the file in the environment's PGPASSFILE"),
          Map.entry("hostaddr", "write the ip as the url's host"),
          Map.entry("host", "write the host after the @"),
          Map.entry("port", "write host:port after the @"),
          Map.entry("dbname", "write the database after the host's /"),
          Map.entry("client_encoding", "leave it out; it is UTF8"),
          Map.entry("sslcompression", "leave it out"),
          Map.entry("sslsni", "leave it out; the name is always sent"),
          Map.entry("sslcrl", "leave it out"),
          Map.entry("sslcrldir", "leave it out"),
          Map.entry("pgbouncer", "write prepareThreshold=0"),
          Map.entry("schema", "write currentSchema"),
          Map.entry("search_path", "write currentSchema"),
          Map.entry("connection_limit", "leave it out; a node holds eight at most"),
          Map.entry("pool_timeout", "leave it out; a node waits 1 s"));

  private LibpqParameters() {}

  /**
   * The driver's names and values.
   *
   * @throws SettingException for a parameter that the driver has nothing for; names what to write
   */
  static Map<PGProperty, String> of(PostgresSettings settings) {
    Map<PGProperty, String> known = new EnumMap<>(PGProperty.class);
    settings.parameters().forEach((name, value) -> put(known, settings, name, value));
    return known;
  }

  private static void put(
      Map<PGProperty, String> known, PostgresSettings settings, String name, String value) {
    PGProperty property = TWINS.getOrDefault(name, OF_DRIVER.get(name.toLowerCase(Locale.ROOT)));
    if (property == null) {
      throw PostgresError.of(
          settings,
          "the PostgreSQL driver has no parameter "
              + name
              + "; "
              + NEAREST.getOrDefault(name, "leave it out"));
    }
    if (name.equals("fallback_application_name")) {
      known.putIfAbsent(property, value);
    } else if (name.equals("sslrootcert") && value.equals("system")) {
      known.put(PGProperty.SSL_FACTORY, "org.postgresql.ssl.DefaultJavaSSLFactory");
    } else {
      known.put(property, value(settings, name, value));
    }
    if (name.equals("connect_timeout") && !settings.parameters().containsKey("loginTimeout")) {
      known.put(PGProperty.LOGIN_TIMEOUT, loginTimeout(settings, value));
    }
  }

  /** libpq's is for a server until it lets us in, the driver's for all of them together. */
  private static String loginTimeout(PostgresSettings settings, String value) {
    return value.matches("\\d{1,6}")
        ? String.valueOf(Integer.parseInt(value) * settings.servers().size())
        : "0";
  }

  private static String value(PostgresSettings settings, String name, String value) {
    return switch (name) {
      case "target_session_attrs" ->
          switch (value) {
            case "any" -> "any";
            case "read-write", "primary" -> "primary";
            default ->
                throw PostgresError.of(
                    settings, name + "=" + value + " finds servers that only read; write primary");
          };
      case "keepalives" -> String.valueOf(!value.equals("0"));
      case "load_balance_hosts" -> String.valueOf(value.equals("random"));
      // libpq waits for ever with either.
      case "connect_timeout" -> value.startsWith("-") ? "0" : value;
      default -> value;
    };
  }
}
