package dev.rallypoint.store;

import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ip in a row, in the one form all ips are compared in. Rows of hbbs hold IPv4 peers as {@code
 * ::ffff:1.2.3.4}, because its sockets see them so.
 */
final class StoredIp {
  /** Four parts or a colon: the JDK would also take "7.5" for an ip. */
  private static final Pattern IP = Pattern.compile("\\d+(\\.\\d+){3}|.*:.*");

  private StoredIp() {}

  /** The ip as {@link PeerAddress#ip()} writes it, or empty when the text is none. */
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
