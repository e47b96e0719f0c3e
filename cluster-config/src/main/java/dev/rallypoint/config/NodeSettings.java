package dev.rallypoint.config;

import com.typesafe.config.Config;
import dev.rallypoint.config.access.AccessMode;
import dev.rallypoint.config.access.Enrolment;
import dev.rallypoint.config.text.HostAndPort;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All settings of one node.
 *
 * @param data the folder of the key pair, the database and the relay's lists
 * @param key the server's key
 * @param bind the one ip all listeners bind to, or empty for all
 * @param rendezvous the ID server's settings
 * @param relay the relay's settings
 * @param store the database's settings
 * @param entrance how connections come in
 * @param cluster how it and other nodes are one server
 * @param management the ways of operators
 */
public record NodeSettings(
    Path data,
    KeySettings key,
    String bind,
    RendezvousSettings rendezvous,
    RelaySettings relay,
    StoreSettings store,
    EntranceSettings entrance,
    ClusterSettings cluster,
    ManagementSettings management) {
  /** The name of the setting for {@link #data}. */
  static final String DATA = "data";

  public NodeSettings {
    if (store instanceof SqliteSettings && !cluster.seeds().isEmpty()) {
      throw new SettingException(
          ClusterSettings.SEEDS,
          cluster.seeds().stream()
              .map(seed -> seed.getHostString() + ":" + seed.getPort())
              .collect(Collectors.joining(",")),
          "a cluster needs one database for all of its nodes; write a PostgreSQL "
              + StoreSettings.DB_URL);
    }
    Set<Integer> ofIdServer =
        Set.of(rendezvous.natTestPort(), rendezvous.port(), rendezvous.webSocketPort());
    if (ofIdServer.contains(relay.port()) || ofIdServer.contains(relay.webSocketPort())) {
      throw new SettingException(
          "relay-port",
          relay.port(),
          "the ID server takes "
              + ofIdServer.stream()
                  .sorted()
                  .map(String::valueOf)
                  .collect(Collectors.joining(", ")));
    }
    Set<Integer> ports = otherTcpPorts(rendezvous, relay);
    if (ports.contains(entrance.httpsPort())) {
      throw new SettingException(
          "https-port", entrance.httpsPort(), "the node takes it for something else");
    }
    if (management.port() != 0
        && (ports.contains(management.port()) || management.port() == entrance.httpsPort())) {
      throw new SettingException(
          "management-port", management.port(), "the node takes it for something else");
    }
    Enrolment enrolment = rendezvous.registration().newIds().enrolment();
    if (!enrolment.isOpen() && !keepsAccounts(store, entrance, cluster)) {
      throw new SettingException(
          Enrolment.SETTING,
          enrolment.name().toLowerCase(Locale.ROOT),
          "only a node with the role api and an api-port knows the devices; write open");
    }
    int apiPort = entrance.apiPort().port();
    if (apiPort != 0
        && (ports.contains(apiPort)
            || apiPort == entrance.httpsPort()
            || apiPort == management.port())) {
      throw new SettingException(
          EntranceSettings.ApiPort.NAME, apiPort, "the node takes it for something else");
    }
    if (apiPort != 0) {
      ports.add(apiPort);
    }
    for (int port : entrance.proxies().headerPorts()) {
      if (port != entrance.httpsPort() && !ports.contains(port)) {
        throw new SettingException(
            ProxySettings.HEADER, port, "write TCP ports of this node: " + ports);
      }
    }
  }

  /**
   * The settings of a node.
   *
   * @param config every setting of {@code reference.conf}
   * @param workingDirectory the folder that a relative {@code data} starts from
   * @throws SettingException when one is wrong; says where it was written if the config knows
   */
  public static NodeSettings from(Config config, Path workingDirectory) {
    try {
      SettingReader read = new SettingReader(config);
      Path data = read.path(DATA, workingDirectory);
      String bind = bind("bind", read.text("bind"));
      RendezvousSettings rendezvous = RendezvousSettings.from(config);
      RelaySettings relay = RelaySettings.from(config);
      Set<Integer> taken = otherTcpPorts(rendezvous, relay);
      taken.add(read.number("https-port"));
      ManagementSettings management =
          ManagementSettings.from(config, rendezvous.port(), bind, taken);
      taken.add(management.port());
      return new NodeSettings(
          data,
          KeySettings.from(config),
          bind,
          rendezvous,
          relay,
          StoreSettings.from(config, data),
          EntranceSettings.from(config, data, rendezvous.port(), taken),
          ClusterSettings.from(config, data),
          management);
    } catch (SettingException e) {
      throw SettingSources.located(e, config);
    }
  }

  /** The TCP ports of the ID server and the relay; the caller may add others. */
  private static Set<Integer> otherTcpPorts(RendezvousSettings rendezvous, RelaySettings relay) {
    return new TreeSet<>(
        List.of(
            rendezvous.natTestPort(),
            rendezvous.port(),
            relay.port(),
            rendezvous.webSocketPort(),
            relay.webSocketPort()));
  }

  /** The ip of a setting, empty for all of this machine. */
  static String bind(String setting, String text) {
    String ip = text.replaceFirst("^\\[(.*)]$", "$1");
    String scope = ip.replaceFirst("^[^%]*", "");
    String literal = ip.substring(0, ip.length() - scope.length());
    if (ip.isEmpty() || ip.equals("*")) {
      return "";
    }
    try {
      if (HostAndPort.looksLikeIp(literal)) {
        InetAddress address = InetAddress.ofLiteral(literal);
        requireScope(setting, text, address, scope);
        if (!address.isAnyLocalAddress() && HostAndPort.isOfNoHost(address)) {
          throw new IllegalArgumentException("no address of a socket");
        }
        // 0.0.0.0 and :: are nobody's address: they mean all of this machine.
        return address.isAnyLocalAddress() ? "" : address.getHostAddress() + scope;
      }
    } catch (IllegalArgumentException notAnIp) {
      // Thrown below, for both ways to miss.
    }
    throw new SettingException(setting, text, "write one ip of this machine, or nothing for all");
  }

  private static void requireScope(String setting, String text, InetAddress address, String scope) {
    boolean hasOne = address instanceof Inet6Address && address.isLinkLocalAddress();
    if (hasOne != scope.length() > 1) {
      throw new SettingException(
          setting,
          text,
          hasOne
              ? "add its interface, such as " + text.replace("%", "") + "%eth0"
              : "write it without its interface");
    }
  }

  /** Whether the node serves the HTTP API: it has the role, and a port for it. */
  public boolean servesApi() {
    return servesApi(entrance, cluster);
  }

  private static boolean servesApi(EntranceSettings entrance, ClusterSettings cluster) {
    return cluster.roles().contains(NodeRole.API) && entrance.apiPort().port() != 0;
  }

  /**
   * Whether the node opens the database of accounts and devices: it serves the API, or devices
   * register at it that other nodes' administrators may refuse, or it decides who may control what.
   */
  public boolean keepsAccounts() {
    return keepsAccounts(store, entrance, cluster)
        || rendezvous.links().access() != AccessMode.OPEN
            && cluster.roles().contains(NodeRole.RENDEZVOUS);
  }

  private static boolean keepsAccounts(
      StoreSettings store, EntranceSettings entrance, ClusterSettings cluster) {
    return servesApi(entrance, cluster)
        || store instanceof PostgresSettings && cluster.roles().contains(NodeRole.RENDEZVOUS);
  }

  /** The few that a log line needs. */
  @Override
  public String toString() {
    return "NodeSettings[data=" + data + ", port=" + rendezvous.port() + "]";
  }
}
