package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The proxies in front of the node.
 *
 * @param trusted networks of the proxies that are trusted to name their client; none by default
 * @param everyPort whether a connection from them begins with a PROXY protocol header on every TCP
 *     port of the node
 * @param headerPorts the ports where it does, when it is not every port
 */
public record ProxySettings(List<Cidr> trusted, boolean everyPort, Set<Integer> headerPorts) {
  /** No proxy is trusted. */
  public static final ProxySettings NONE = new ProxySettings(List.of(), false, Set.of());

  static final String TRUSTED = "trusted-proxies";
  static final String HEADER = "proxy-protocol";

  public ProxySettings {
    trusted = List.copyOf(trusted);
    headerPorts = Set.copyOf(headerPorts);
    if (trusted.isEmpty() && (everyPort || !headerPorts.isEmpty())) {
      throw new SettingException(
          HEADER, everyPort ? "Y" : headerPorts, "name the proxies' networks in " + TRUSTED);
    }
  }

  /** The settings about proxies. */
  public static ProxySettings from(Config config) {
    SettingReader read = new SettingReader(config);
    List<Cidr> trusted = read.networks(TRUSTED);
    List<String> ports = read.list(HEADER);
    boolean isPorts = !ports.isEmpty() && ports.stream().allMatch(port -> port.matches("\\d{2,5}"));
    if (!isPorts) {
      return new ProxySettings(trusted, isYes(read), Set.of());
    }
    return new ProxySettings(
        trusted, false, ports.stream().map(Integer::valueOf).collect(Collectors.toSet()));
  }

  /** Whether a connection of a trusted proxy begins with a PROXY protocol header on this port. */
  public boolean isHeaderExpectedOn(int port) {
    return everyPort || headerPorts.contains(port);
  }

  private static boolean isYes(SettingReader read) {
    try {
      return read.yes(HEADER);
    } catch (SettingException e) {
      throw new SettingException(
          HEADER, read.text(HEADER), "write Y, N or ports of this node such as 21116,21117");
    }
  }
}
