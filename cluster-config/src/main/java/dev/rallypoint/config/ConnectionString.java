package dev.rallypoint.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * libpq's other way to name a database: keywords and values such as {@code host=db port=5432
 * user=me password='a b' dbname=x}.
 */
final class ConnectionString {
  private static final Pattern FIRST =
      Pattern.compile(
          "(?s)\\s*(host|hostaddr|port|dbname|user|password|passfile|service|connect_timeout"
              + "|application_name|options|ssl[a-z_]*|target_session_attrs)\\s*=.*");
  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*([A-Za-z_]+)\\s*=\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|((?:[^\\s'\\\\]|\\\\.)*))(?=\\s|$)",
          Pattern.DOTALL);

  private ConnectionString() {}

  /** Whether a text begins like one. */
  static boolean isOne(String text) {
    return FIRST.matcher(text).matches();
  }

  /**
   * Reads one.
   *
   * @throws SettingException when it is damaged or lacks the host, the user or the database
   */
  static PostgresSettings parse(String text) {
    Map<String, String> pairs = pairs(text);
    String user = taken(pairs, "user");
    String database = taken(pairs, "dbname");
    String password = taken(pairs, "password");
    String names = taken(pairs, "host");
    String ips = taken(pairs, "hostaddr");
    String ports = taken(pairs, "port");
    if (user.isEmpty() || database.isEmpty() || names.isEmpty() && ips.isEmpty()) {
      throw refusal("write host=, user= and dbname=");
    }
    return new PostgresSettings(
        servers(names.isEmpty() ? ips : names, ports), database, user, password, pairs);
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    Matcher pair = PAIR.matcher(text.strip());
    while (pair.lookingAt()) {
      String value = pair.group(2) == null ? pair.group(3) : pair.group(2);
      pairs.put(pair.group(1), value.replaceAll("(?s)\\\\(.)", "$1"));
      pair.region(pair.end(), pair.regionEnd());
    }
    if (pair.regionStart() < pair.regionEnd()) {
      throw refusal("write name=value pairs with blanks between, a value with blanks in '...'");
    }
    return pairs;
  }

  private static List<PostgresSettings.Server> servers(String hosts, String ports) {
    List<String> names = Arrays.asList(hosts.split(",", -1));
    List<String> numbers = Arrays.asList(ports.split(",", -1));
    if (numbers.size() != 1 && numbers.size() != names.size()) {
      throw refusal("write one port, or one for each host");
    }
    List<PostgresSettings.Server> servers = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String port = numbers.get(numbers.size() == 1 ? 0 : i).strip();
      String host = names.get(i).strip();
      String bracketed = host.contains(":") ? "[" + host + "]" : host;
      servers.add(
          Optional.of(port.isEmpty() ? bracketed : bracketed + ":" + port)
              .flatMap(PostgresSettings::server)
              .orElseThrow(() ->
                  refusal("host= is a name or an ip, port= a number; a server is reached by TCP")));
    }
    return servers;
  }

  private static String taken(Map<String, String> pairs, String name) {
    String value = pairs.remove(name);
    return value == null ? "" : value;
  }

  /** What was written is not shown: it holds a password. */
  private static SettingException refusal(String mend) {
    return new SettingException(
        StoreSettings.DB_URL, "...", mend + "; or " + PostgresSettings.FORM);
  }
}
