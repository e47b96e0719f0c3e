package dev.rallypoint.loadtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that share one local port: hole punching connects, listens and talks to the server from
 * the same port, because a NAT maps that port.
 */
final class LocalPort {
  private LocalPort() {}

  /** Connects from a local port; 0 takes any free one. */
  static Socket connect(
      @Nullable InetAddress bind, int localPort, InetSocketAddress target, Duration timeout)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      socket.bind(new InetSocketAddress(bind, localPort));
      socket.setTcpNoDelay(true);
      socket.connect(resolved(target), (int) Math.max(1, timeout.toMillis()));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Listens on a local port that other sockets of this class are using. */
  static ServerSocket listen(@Nullable InetAddress bind, int localPort) throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      server.bind(new InetSocketAddress(bind, localPort));
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Asks the resolver again each time, as the client does: a name may have moved. */
  static InetSocketAddress resolved(InetSocketAddress address) {
    return new InetSocketAddress(address.getHostString(), address.getPort());
  }
}
