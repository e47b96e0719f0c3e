package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.dsl.RendezvousProtocolBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server under load.
 *
 * @param ip the address that its name was resolved to, once
 * @param port the port of the ID server
 */
record Target(InetAddress ip, int port) {
  private static final int DEFAULT_PORT = 21116;
  private static final int HIGHEST_PORT = 65_531;
  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%\\w]+)]|([^:\\s]+))(?::(\\d{1,5}))?");

  /**
   * Reads {@code host}, {@code host:port} or {@code [IPv6]:port} and resolves the name.
   *
   * @param allowsPublic whether an address that is neither loopback nor private is accepted
   * @throws IllegalArgumentException with one line for the user
   */
  static Target parse(String text, boolean allowsPublic) {
    Matcher matcher = TEXT.matcher(text);
    boolean isBareIpv6 = !matcher.matches() && text.matches("[0-9a-fA-F:.]*::?[0-9a-fA-F:.]*");
    if (!isBareIpv6 && !matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no host or host:port");
    }
    String bracketed = isBareIpv6 ? text : matcher.group(1);
    String host = bracketed == null ? matcher.group(2) : bracketed;
    String number = isBareIpv6 ? null : matcher.group(3);
    int port = number == null ? DEFAULT_PORT : Integer.parseInt(number);
    if (port < 2 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("'" + text + "': the port is 2 to " + HIGHEST_PORT);
    }
    List<InetAddress> addresses = resolve(host);
    for (InetAddress address : addresses) {
      if (!allowsPublic && !RendezvousProtocolBuilder.isOwnNetwork(address)) {
        throw new IllegalArgumentException(
            "%s (%s) is neither loopback nor private: load on it needs --allow-public-target"
                .formatted(host, address.getHostAddress()));
      }
    }
    return new Target(addresses.getFirst(), port);
  }

  private static List<InetAddress> resolve(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address of '" + host + "' is known", e);
    }
  }

  /** Whether the simulated clients can have addresses of 127.0.0.0/8. */
  boolean isLoopback() {
    return ip.isLoopbackAddress() && ip.getAddress().length == 4;
  }

  /** The address and the port as the protocol takes them. */
  String text() {
    String literal = ip.getHostAddress();
    return (literal.contains(":") ? "[" + literal + "]" : literal) + ":" + port;
  }
}
