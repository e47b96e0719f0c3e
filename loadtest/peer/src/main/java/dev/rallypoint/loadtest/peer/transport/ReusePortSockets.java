package dev.rallypoint.loadtest.peer.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;

/**
 * Opens TCP sockets that share one local port by SO_REUSEPORT. TCP hole punching connects to the
 * server, connects to the peer and listens on the same port, because the NAT has mapped that port.
 */
public final class ReusePortSockets {
  private ReusePortSockets() {}

  /** Connects from a local port; port 0 takes any free one. */
  public static Socket connect(int localPort, InetSocketAddress target, Duration timeout)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      socket.bind(new InetSocketAddress(localPort));
      socket.setTcpNoDelay(true);
      socket.connect(resolved(target), (int) Math.max(1, timeout.toMillis()));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Listens on a local port that other sockets of this class use. */
  public static ServerSocket listen(int localPort) throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      server.bind(new InetSocketAddress(localPort));
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Resolves the host name again, as the client does each time: the address may have changed. */
  public static InetSocketAddress resolved(InetSocketAddress address) {
    return new InetSocketAddress(address.getHostString(), address.getPort());
  }
}
