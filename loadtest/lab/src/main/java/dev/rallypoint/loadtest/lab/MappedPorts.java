package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.peer.transport.ReusePortSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Listening ports that the NAT has mapped for the server only. Nobody else may reach such a port
 * while no hole is punched.
 */
final class MappedPorts implements AutoCloseable {
  private static final Duration SERVER_TIMEOUT = Duration.ofSeconds(5);
  private static final int CONNECT_MILLIS = 1_500;

  private final List<AutoCloseable> sockets = new ArrayList<>();

  /** Connects to the server and listens on the local port of the connection, which is returned. */
  int open(InetSocketAddress server) throws IOException {
    Socket mapped = ReusePortSockets.connect(0, server, SERVER_TIMEOUT);
    sockets.add(mapped);
    ServerSocket listener = ReusePortSockets.listen(mapped.getLocalPort());
    sockets.add(listener);
    return mapped.getLocalPort();
  }

  /** Tries to connect to an address without hole punching. */
  static PeerReport tryConnect(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_MILLIS);
      return new PeerReport.ConnectTried(true, "connected to " + address);
    } catch (IOException e) {
      return new PeerReport.ConnectTried(false, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    for (AutoCloseable socket : sockets) {
      try {
        socket.close();
      } catch (Exception e) {
        System.err.println("cannot close a socket: " + e);
      }
    }
  }
}
