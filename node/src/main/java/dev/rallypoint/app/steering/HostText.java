package dev.rallypoint.app.steering;

import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.Optional;

/** Hosts as operators write them. */
final class HostText {
  private HostText() {}

  /** An ip, with port 0; empty when the text is none. A name is not looked up. */
  static Optional<PeerAddress> parse(String text) {
    try {
      return Optional.of(PeerAddress.of(InetAddress.ofLiteral(text), 0));
    } catch (IllegalArgumentException notAnIp) {
      return Optional.empty();
    }
  }

  /** The ip of {@code 203.0.113.7:54321} or {@code [2001:db8::1]:80}; empty where there is none. */
  static String ipOf(String address) {
    int end = address.lastIndexOf(':');
    return end < 0 ? "" : address.substring(0, end).replaceAll("^\\[|\\]$", "");
  }
}
