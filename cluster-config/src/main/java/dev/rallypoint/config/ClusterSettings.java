package dev.rallypoint.config;

import com.typesafe.config.Config;
import dev.rallypoint.config.text.HostAndPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How this node and others are one server.
 *
 * @param name nodes of another name do not join
 * @param host what other nodes reach this one by, or empty to find it out
 * @param port for the cluster's own messages, TCP; 0 for any free one
 * @param backhaulPort for relayed bytes between nodes, TCP; 0 for the port after {@code port}
 * @param seeds nodes to join, the first of which may begin a cluster; empty to find them in the
 *     shared database, or to be a cluster of one
 * @param roles what the node does
 * @param security how nodes know each other
 * @param drainWindow how long a node that is told to stop waits for its relay sessions to end
 * @param drainPace relay sessions a second it ends when that time is over
 */
public record ClusterSettings(
    String name,
    String host,
    int port,
    int backhaulPort,
    List<InetSocketAddress> seeds,
    Set<NodeRole> roles,
    ClusterSecurity security,
    Duration drainWindow,
    int drainPace) {
  /** The name of the setting for {@link #name}. */
  public static final String NAME = "cluster-name";

  /** The name of the setting for {@link #host}. */
  public static final String HOST = "cluster-host";

  /** The name of the setting for {@link #port}. */
  public static final String PORT = "cluster-port";

  /** The name of the setting for {@link #seeds}. */
  public static final String SEEDS = "seed-nodes";

  private static final String ROLES = "roles";

  private static final String NO_UNDERSCORE =
      "no node has an address with _ in the last part of its name; write another name or the ip";

  public ClusterSettings {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,62}")) {
      throw new SettingException(NAME, name, "write up to 63 letters, digits, - and _");
    }
    if (!host.isEmpty()) {
      requireReachable(host);
    }
    if (isNoAddress(host)) {
      throw new SettingException(HOST, host, NO_UNDERSCORE);
    }
    Checks.port(PORT, port, 0, 65_535);
    Checks.port("backhaul-port", backhaulPort, 0, 65_535);
    if (roles.isEmpty()) {
      throw new SettingException(ROLES, "nothing", "write rendezvous, relay and api, with commas");
    }
    if (roles.contains(NodeRole.API) && !roles.contains(NodeRole.RENDEZVOUS)) {
      throw new SettingException(
          ROLES, NodeRole.API.word(), "the API goes with the ID server; add rendezvous");
    }
    Checks.range("drain-window", drainWindow, Duration.ZERO, Duration.ofDays(1));
    Checks.range("drain-pace", drainPace, 1, 1_000_000);
  }

  /**
   * The settings of the cluster.
   *
   * @param data the folder that relative paths start from
   */
  static ClusterSettings from(Config config, Path data) {
    SettingReader read = new SettingReader(config);
    int port = read.number(PORT);
    return new ClusterSettings(
        read.text(NAME),
        host(read.text(HOST)),
        port,
        read.number("backhaul-port"),
        read.list(SEEDS).stream().map(seed -> seed(seed, port)).toList(),
        roles(read),
        ClusterSecurity.from(config, data),
        read.time("drain-window"),
        read.number("drain-pace"));
  }

  /** Without brackets, and in the letters of DNS. */
  private static String host(String text) {
    String bare = text.replaceAll("^\\[(.*)]$", "$1");
    return HostAndPort.parse(bare)
        .filter(parsed -> parsed.port() == 0)
        .map(HostAndPort::host)
        .orElse(bare);
  }

  private static void requireReachable(String host) {
    HostAndPort parsed =
        HostAndPort.parse(host)
            .filter(one -> one.port() == 0)
            .orElseThrow(
                () -> new SettingException(HOST, host, "write a name or an ip, without a port"));
    if (!parsed.isUsableElsewhere()) {
      throw new SettingException(
          HOST, host, "other nodes cannot reach this one by it; write its name or another ip");
    }
  }

  private static InetSocketAddress seed(String text, int otherwise) {
    boolean isBareIpv6 = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
    HostAndPort parsed =
        HostAndPort.parse(isBareIpv6 ? "" : text)
            .filter(one -> one.isUsableElsewhere() && (one.port() > 0 || otherwise > 0))
            .orElseThrow(() -> new SettingException(SEEDS, text, HostAndPort.FORM));
    if (isNoAddress(parsed.host())) {
      throw new SettingException(SEEDS, text, NO_UNDERSCORE);
    }
    return InetSocketAddress.createUnresolved(
        parsed.host(), parsed.port() > 0 ? parsed.port() : otherwise);
  }

  /** Pekko refuses such a host, but only when the node joins. */
  private static boolean isNoAddress(String host) {
    return host.substring(host.lastIndexOf('.') + 1).contains("_");
  }

  private static Set<NodeRole> roles(SettingReader read) {
    return read.list(ROLES).stream()
        .map(role -> {
          try {
            return NodeRole.valueOf(role.toUpperCase(Locale.ROOT));
          } catch (IllegalArgumentException unknown) {
            throw new SettingException(ROLES, role, "write rendezvous, relay and api, with commas");
          }
        })
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(NodeRole.class)));
  }
}
