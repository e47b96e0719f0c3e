package dev.rallypoint.loadtest;

import java.net.InetSocketAddress;

/** The text form of a relay in messages: {@code host}, {@code host:port} or {@code [v6]:port}. */
final class RelayName {
  private static final int DEFAULT_PORT = 21117;

  private RelayName() {}

  static String of(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Resolves a name; without a port it is 21117. */
  static InetSocketAddress resolve(String name) {
    int colon = name.lastIndexOf(':');
    boolean bareV6 = colon >= 0 && name.indexOf(':') != colon && !name.startsWith("[");
    if (colon < 0 || bareV6 || name.endsWith("]")) {
      return new InetSocketAddress(unbracketed(name), DEFAULT_PORT);
    }
    int port = Integer.parseInt(name.substring(colon + 1));
    return new InetSocketAddress(unbracketed(name.substring(0, colon)), port);
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
