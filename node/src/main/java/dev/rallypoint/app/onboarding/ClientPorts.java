package dev.rallypoint.app.onboarding;

import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ports that clients must reach, and the lines that open them.
 *
 * @param tcp TCP ports
 * @param udp the UDP port of the ID server, where the node is one
 * @param webSocket those of the TCP ports that only clients with WebSocket need
 * @param api that of the HTTP API, or of the answer that there is none, if any
 */
public record ClientPorts(
    SortedSet<Integer> tcp,
    Optional<Integer> udp,
    SortedSet<Integer> webSocket,
    Optional<Integer> api) {

  /** The ports of a node. */
  public static ClientPorts of(NodeSettings settings) {
    boolean isIdServer = settings.cluster().roles().contains(NodeRole.RENDEZVOUS);
    SortedSet<Integer> tcp = new TreeSet<>();
    SortedSet<Integer> webSocket = new TreeSet<>();
    if (isIdServer) {
      tcp.add(settings.rendezvous().natTestPort());
      tcp.add(settings.rendezvous().port());
      webSocket.add(settings.rendezvous().webSocketPort());
    }
    if (settings.cluster().roles().contains(NodeRole.RELAY)) {
      tcp.add(settings.relay().port());
      webSocket.add(settings.relay().webSocketPort());
    }
    if (settings.entrance().httpsPort() > 0) {
      webSocket.add(settings.entrance().httpsPort());
    }
    Optional<Integer> api =
        Optional.of(settings.entrance().apiPort().port()).filter(port -> isIdServer && port > 0);
    tcp.addAll(webSocket);
    api.ifPresent(tcp::add);
    return new ClientPorts(
        tcp,
        isIdServer ? Optional.of(settings.rendezvous().port()) : Optional.empty(),
        webSocket,
        api);
  }

  /**
   * Lines for the usual firewalls, and for a router that has to forward ports.
   *
   * @param to where a router forwards to, such as this machine's address
   */
  public List<String> lines(String to) {
    List<String> lines = new ArrayList<>();
    lines.add("ports: TCP " + ranges(tcp, "-") + udp.map(port -> ", UDP " + port).orElse(""));
    lines.add("  of these for clients with WebSocket only: TCP " + ranges(webSocket, "-"));
    api.ifPresent(port -> lines.add("  and not needed, but it spares the node work: TCP " + port));
    lines.add("ufw:");
    tcpRanges(":").map(range -> "  ufw allow " + range + "/tcp").forEach(lines::add);
    udp.ifPresent(port -> lines.add("  ufw allow " + port + "/udp"));
    lines.add("firewalld:");
    lines.add(
        "  firewall-cmd --permanent "
            + Stream.concat(tcpRanges("-").map(range -> range + "/tcp"), udpPort("/udp"))
                .map(port -> "--add-port=" + port)
                .collect(Collectors.joining(" ")));
    lines.add("  firewall-cmd --reload");
    lines.add("nftables (where your table is 'inet filter' and its chain 'input'):");
    lines.add("  nft add rule inet filter input tcp dport { " + ranges(tcp, "-") + " } accept");
    udp.ifPresent(
        port -> lines.add("  nft add rule inet filter input udp dport " + port + " accept"));
    lines.add("router, port forwarding to " + to + ", the same ports outside and inside:");
    lines.add("  TCP " + ranges(tcp, "-") + udp.map(port -> "; UDP " + port).orElse(""));
    return lines;
  }

  private Stream<String> udpPort(String suffix) {
    return udp.stream().map(port -> port + suffix);
  }

  private Stream<String> tcpRanges(String to) {
    return ranges(tcp, range -> range.text(to));
  }

  private static String ranges(SortedSet<Integer> ports, String to) {
    return ranges(ports, range -> range.text(to)).collect(Collectors.joining(", "));
  }

  private static <T> Stream<T> ranges(SortedSet<Integer> ports, Function<Range, T> as) {
    List<Range> ranges = new ArrayList<>();
    for (int port : ports) {
      if (!ranges.isEmpty() && ranges.getLast().last() == port - 1) {
        ranges.add(new Range(ranges.removeLast().first(), port));
      } else {
        ranges.add(new Range(port, port));
      }
    }
    return ranges.stream().map(as);
  }

  private record Range(int first, int last) {
    String text(String to) {
      return first == last ? String.valueOf(first) : first + to + last;
    }
  }
}
