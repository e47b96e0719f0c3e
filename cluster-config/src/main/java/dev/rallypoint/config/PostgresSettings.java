package dev.rallypoint.config;

import dev.rallypoint.config.text.HostAndPort;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A PostgreSQL database that nodes share. Its password is in no text of it.
 *
 * @param servers where it is; several for a primary with standbys
 * @param database its name
 * @param user who is to log in
 * @param password what proves it, or empty where the server asks for none
 * @param parameters what follows the question mark, for the driver, such as {@code sslmode}
 */
public record PostgresSettings(
    List<Server> servers,
    String database,
    String user,
    String password,
    Map<String, String> parameters)
    implements StoreSettings {
  static final String FORM = "postgresql://user:password@host:5432/database";

  private static final int PORT = 5432;
  private static final Pattern URL =
      Pattern.compile("(?s)postgres(?:ql)?://([^/?]*)(?:/([^?]*))?(?:\\?(.*))?");

  /**
   * One server.
   *
   * @param host its name or ip; an IPv6 ip stands in [ ]
   */
  public record Server(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  public PostgresSettings {
    servers = List.copyOf(servers);
    parameters = Map.copyOf(parameters);
  }

  static PostgresSettings parse(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw refusal("write " + FORM);
    }
    String authority = parts.group(1);
    int at = authority.lastIndexOf('@');
    if (at < 0) {
      throw refusal(
          "write " + FORM + "; in the password / is written %2F, ? %3F, # %23, @ %40 and % %25");
    }
    String[] who = authority.substring(0, at).split(":", 2);
    String database = decoded(parts.group(2) == null ? "" : parts.group(2));
    if (who[0].isEmpty() || database.isEmpty() || database.contains("/")) {
      throw refusal("name the user and the database: " + FORM);
    }
    return new PostgresSettings(
        servers(authority.substring(at + 1)),
        database,
        decoded(who[0]),
        who.length == 1 ? "" : decoded(who[1]),
        parameters(parts.group(3) == null ? "" : parts.group(3)));
  }

  private static List<Server> servers(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(server ->
            server(server)
                .orElseThrow(
                    () -> refusal("after the @ write host or host:port, an IPv6 ip in [ ]")))
        .toList();
  }

  /** A server, with an IPv6 ip in [ ] only. */
  static Optional<Server> server(String text) {
    boolean isBareIpv6 = text.indexOf(':') != text.lastIndexOf(':') && !text.contains("[");
    return HostAndPort.parse(isBareIpv6 ? "" : text)
        .map(parsed ->
            new Server(
                parsed.host().contains(":") ? "[" + parsed.host() + "]" : parsed.host(),
                parsed.port() == 0 ? PORT : parsed.port()));
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      String[] halves = pair.split("=", 2);
      if (!pair.isEmpty()) {
        parameters.put(decoded(halves[0]), halves.length == 1 ? "" : decoded(halves[1]));
      }
    }
    if (parameters.containsKey("user") || parameters.containsKey("password")) {
      throw refusal("user and password stand before the host: " + FORM);
    }
    return parameters;
  }

  /** A plus stays a plus: this is no form of a web page. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refusal("a % that stands for itself is written %25");
    }
  }

  /** What was written is not shown: it holds a password. */
  private static SettingException refusal(String advice) {
    return new SettingException(DB_URL, "postgresql://...", advice);
  }

  /** As an operator writes it, without password and parameters. */
  @Override
  public String toString() {
    return servers.stream()
        .map(Server::toString)
        .collect(Collectors.joining(",", "postgresql://" + user + "@", "/" + database));
  }
}
