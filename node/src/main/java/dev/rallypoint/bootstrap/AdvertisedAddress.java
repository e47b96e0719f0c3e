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
 * By what the other nodes reach this one.
 *
 * @param host a name or an ip, which is the node's identity: others must dial just this
 * @param port for the cluster's messages
 * @param bind the ip to listen on
 */
public record AdvertisedAddress(String host, int port, String bind) {
  private static final Logger LOG = LoggerFactory.getLogger(AdvertisedAddress.class);

  /** Beside those that Java knows: the networks of providers' NAT, and IPv6's own ones. */
  private static final List<Cidr> NOT_PUBLIC =
      List.of(
          Cidr.parse(ClusterSettings.HOST, "100.64.0.0/10"),
          Cidr.parse(ClusterSettings.HOST, "fc00::/7"));

  /**
   * The address that is written, or else that of all listeners, or that which this machine has on
   * the way to others.
   *
   * @param bind the one ip of all listeners, or empty
   * @param way the setting that names where the others are found
   * @param towards where they are found, the database or the seed nodes
   * @throws SettingException when there is no way there
   */
  public static AdvertisedAddress of(
      ClusterSettings settings, String bind, String way, List<InetSocketAddress> towards) {
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
    String host = seed.orElseGet(() -> onTheWay(way, towards));
    LOG.info(
        "other nodes reach this one at {}:{}, as found on the way to {}; {} sets it otherwise",
        host,
        settings.port(),
        way,
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

  /** In the form that Artery takes: an IPv6 ip in brackets. */
  String uriHost() {
    return uriHost(host);
  }

  static String uriHost(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  static boolean isLoopback(String host) {
    try {
      return host.equals("localhost")
          || isLiteral(host) && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether it is, or means, an ip that anybody may reach: no network's own one. */
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
  private static String onTheWay(String way, List<InetSocketAddress> towards) {
    String fault = "";
    for (InetSocketAddress target : towards) {
      try (DatagramSocket socket = new DatagramSocket()) {
        InetAddress there = InetAddress.getByName(target.getHostString());
        socket.connect(new InetSocketAddress(there, target.getPort()));
        InetAddress here = socket.getLocalAddress();
        if (!here.isAnyLocalAddress() && !here.isLinkLocalAddress()) {
          return here.getHostAddress().replaceFirst("%.*$", "");
        }
        fault = "no way to " + target.getHostString();
      } catch (UnknownHostException e) {
        fault = target.getHostString() + " has no address";
      } catch (IOException | RuntimeException e) {
        fault = target.getHostString() + ": " + e.getMessage();
      }
    }
    throw new SettingException(
        ClusterSettings.HOST,
        "",
        "it cannot be found out on the way to "
            + way
            + " ("
            + fault
            + "); write the name or ip that the other nodes reach this one by");
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
    return uriHost() + ":" + port;
  }
}
