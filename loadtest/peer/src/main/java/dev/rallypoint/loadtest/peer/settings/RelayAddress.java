package dev.rallypoint.loadtest.peer.settings;

import java.net.InetSocketAddress;

/**
 * The text form of a relay address in messages: {@code host}, {@code host:port}, {@code [v6]:port}.
 */
public final class RelayAddress {
  private static final int DEFAULT_PORT = 21117;

  private RelayAddress() {}

  static String of(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Resolves the text of a relay address; the port is 21117 when the text has none. */
  public static InetSocketAddress resolve(String name) {
    int colon = name.lastIndexOf(':');
    boolean bareV6 = colon >= 0 && name.indexOf(':') != colon && !name.startsWith("[");
    if (colon < 0 || bareV6 || name.endsWith("]")) {
      return new InetSocketAddress(withoutBrackets(name), DEFAULT_PORT);
    }
    int port = Integer.parseInt(name.substring(colon + 1));
    return new InetSocketAddress(withoutBrackets(name.substring(0, colon)), port);
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
