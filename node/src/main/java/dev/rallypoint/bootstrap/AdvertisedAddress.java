package dev.rallypoint.bootstrap;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.transport.ListenAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address at which other nodes reach this one, and the ip that it listens on.
 *
 * @param host a name or an ip; it identifies the node, so other nodes must use exactly this one
 * @param port the port for messages between nodes
 */
public record AdvertisedAddress(String host, int port, String bind) {
  private static final Logger LOG = LoggerFactory.getLogger(AdvertisedAddress.class);

  /** Networks that are not public, besides those that Java knows: carrier-grade NAT, IPv6 ULA. */
  private static final List<Cidr> NOT_PUBLIC =
      List.of(
          Cidr.parse(ClusterSettings.HOST, "100.64.0.0/10"),
          Cidr.parse(ClusterSettings.HOST, "fc00::/7"));

  /**
   * The address that is set, or else the ip of all listeners, or else the one that this machine
   * uses to reach the database or the seed nodes.
   *
   * @param bind the one ip of all listeners, or empty
   * @param targetName the name of the database or the seed nodes, as an operator knows it
   * @param targets their addresses
   * @throws SettingException when there is no route to any of them
   */
  public static AdvertisedAddress of(
      ClusterSettings settings, String bind, String targetName, List<InetSocketAddress> targets) {
    if (!settings.host().isEmpty()) {
      return at(settings.host(), settings.port(), bind);
    }
    // An ip with an interface behind it means nothing to other machines.
    if (!bind.isEmpty() && !bind.contains("%")) {
      return at(bind, settings.port(), bind);
    }
    Optional<String> seed =
        settings.seeds().stream()
            .filter(address -> address.getPort() == settings.port())
            .map(InetSocketAddress::getHostString)
            .filter(AdvertisedAddress::isOfThisMachine)
            .findFirst();
    // A seed is dialled as it is written, so it must be called that too.
    String host = seed.orElseGet(() -> routeAddress(targetName, targets));
    LOG.info(
        "other nodes reach this one at {}:{}, by the route to {}; {} sets it otherwise",
        host,
        settings.port(),
        targetName,
        ClusterSettings.HOST);
    return at(host, settings.port(), bind);
  }

  private static AdvertisedAddress at(String host, int port, String bind) {
    if (!bind.isEmpty()) {
      return new AdvertisedAddress(host, port, bind);
    }
    return new AdvertisedAddress(
        host, port, isLiteral(host) && isOfThisMachine(host) ? host : ListenAddress.ALL);
  }

  /** The same with the port that was bound, where any free one was asked for. */
  AdvertisedAddress boundTo(int number) {
    return new AdvertisedAddress(host, number, bind);
  }

  /** Whether it is {@code localhost} or an ip of loopback; no name is resolved. */
  static boolean isLoopback(String host) {
    try {
      return host.equals("localhost")
          || isLiteral(host) && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether the host is, or resolves to, an ip of the public internet. */
  boolean isPublic() {
    try {
      InetAddress ip = InetAddress.getByName(host);
      return !ip.isLoopbackAddress()
          && !ip.isAnyLocalAddress()
          && !ip.isLinkLocalAddress()
          && !ip.isSiteLocalAddress()
          && NOT_PUBLIC.stream().noneMatch(network -> network.contains(ip.getAddress()));
    } catch (UnknownHostException unknownHere) {
      return false;
    }
  }

  /** The ip that a datagram to one of these would leave from; none is sent. */
  private static String routeAddress(String targetName, List<InetSocketAddress> targets) {
    String fault = "";
    for (InetSocketAddress target : targets) {
      try (DatagramSocket socket = new DatagramSocket()) {
        InetAddress there = InetAddress.getByName(target.getHostString());
        socket.connect(new InetSocketAddress(there, target.getPort()));
        InetAddress here = socket.getLocalAddress();
        if (!here.isAnyLocalAddress() && !here.isLinkLocalAddress()) {
          return here.getHostAddress().replaceFirst("%.*$", "");
        }
        fault = "no route to " + target.getHostString();
      } catch (UnknownHostException e) {
        fault = target.getHostString() + " has no address";
      } catch (IOException | RuntimeException e) {
        fault = target.getHostString() + ": " + e.getMessage();
      }
    }
    throw new SettingException(
        ClusterSettings.HOST,
        "",
        ("it cannot be determined from the route to %s (%s); write the name or ip that the"
                + " other nodes reach this one by")
            .formatted(targetName, fault));
  }

  private static boolean isLiteral(String host) {
    return host.contains(":") || host.matches("[0-9.]+");
  }

  private static boolean isOfThisMachine(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
          return true;
        }
      }
    } catch (IOException notNow) {
      // A name that means nothing here is not this machine's.
    }
    return false;
  }

  @Override
  public String toString() {
    return NodeAddress.text(host, port);
  }
}
