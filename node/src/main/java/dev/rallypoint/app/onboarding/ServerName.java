package dev.rallypoint.app.onboarding;

import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SqliteSettings;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the name by which clients reach the server. Nobody but the operator knows it; a
 * machine knows its own addresses only. An IPv6 address is never taken: RustDesk's clients cannot
 * have one as their ID server, only a name of it.
 */
public sealed interface ServerName {

  /** A name or address that clients anywhere can be given. */
  record Known(String name) implements ServerName {}

  /** An address of this machine that is reached from its own network only. */
  record LocalOnly(String ip) implements ServerName {}

  /** None. */
  record Unknown() implements ServerName {}

  /** The name for the clients of a node on this machine. */
  static ServerName of(NodeSettings settings) {
    return of(settings, ownAddress(), isContainer());
  }

  /**
   * The same.
   *
   * @param own the address by which this machine reaches others, if it does
   * @param isContainer whether a private address is that of a container, which nobody reaches
   */
  static ServerName of(NodeSettings settings, Optional<InetAddress> own, boolean isContainer) {
    String relayName = settings.relay().ownName().replaceFirst(":\\d+$", "");
    // Each node of a cluster has a relay name of its own, and their clients are given one for all.
    if (!relayName.isEmpty() && settings.store() instanceof SqliteSettings) {
      return new Known(relayName);
    }
    Optional<InetAddress> listening =
        settings.bind().isEmpty()
            ? own
            : Optional.ofNullable(new InetSocketAddress(settings.bind(), 0).getAddress());
    return listening
        .filter(Inet4Address.class::isInstance)
        .filter(
            ip -> !ip.isLoopbackAddress() && !ip.isLinkLocalAddress() && !ip.isAnyLocalAddress())
        .<ServerName>map(ip ->
            isPublic(ip)
                ? new Known(ip.getHostAddress())
                : isContainer ? new Unknown() : new LocalOnly(ip.getHostAddress()))
        .orElseGet(Unknown::new);
  }

  /** Whether an IPv4 address is one of the Internet: not of RFC 1918 and not of RFC 6598. */
  private static boolean isPublic(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    boolean isShared = bytes[0] == 100 && (bytes[1] & 0xC0) == 0x40;
    return !ip.isSiteLocalAddress() && !isShared;
  }

  /** The address of the way out; nothing is sent. */
  private static Optional<InetAddress> ownAddress() {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress("192.0.2.1", 9)); // of RFC 5737: nobody's
      @Nullable InetAddress own = socket.getLocalAddress();
      return Optional.ofNullable(own);
    } catch (SocketException | UncheckedIOException noWayOut) {
      return Optional.empty();
    }
  }

  private static boolean isContainer() {
    return Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"));
  }
}
