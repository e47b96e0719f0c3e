package dev.rallypoint.store;

import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Normalises the ip in a row, so that ips can be compared as text. hbbs writes IPv4 addresses as
 * {@code ::ffff:1.2.3.4}, because its sockets report them so.
 */
final class StoredIp {
  /** Four numbers or a colon. The JDK alone would also parse "7.5". */
  private static final Pattern IP = Pattern.compile("\\d+(\\.\\d+){3}|.*:.*");

  private StoredIp() {}

  /** The ip as {@link PeerAddress#ip()} writes it, or empty when the text is no ip. */
  static String normalise(@Nullable String text) {
    if (text == null || !IP.matcher(text).matches()) {
      return "";
    }
    try {
      return PeerAddress.of(InetAddress.ofLiteral(text), 0).ip();
    } catch (IllegalArgumentException notAnIp) {
      return "";
    }
  }
}
