package dev.rallypoint.loadtest.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Plain sockets for the control experiment: a listening port that the NAT has mapped, for the
 * server, but that no stranger may reach as long as no hole is punched towards that stranger.
 */
final class Doors implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int KNOCK_MILLIS = 1_500;

  private final List<AutoCloseable> open = new ArrayList<>();

  /** Connects to the server and listens on the same port, which is returned. */
  int open(InetSocketAddress server) throws IOException {
    Socket mapped = new Socket();
    open.add(mapped);
    mapped.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    mapped.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    mapped.bind(new InetSocketAddress((InetAddress) null, 0));
    mapped.connect(server, CONNECT_MILLIS);
    ServerSocket door = new ServerSocket();
    open.add(door);
    door.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    door.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    door.bind(new InetSocketAddress((InetAddress) null, mapped.getLocalPort()));
    return mapped.getLocalPort();
  }

  Report knock(InetSocketAddress door) {
    try (Socket socket = new Socket()) {
      socket.connect(door, KNOCK_MILLIS);
      return new Report.Knocked(true, "connected to " + door);
    } catch (IOException e) {
      return new Report.Knocked(false, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    for (AutoCloseable socket : open) {
      try {
        socket.close();
      } catch (Exception e) {
        System.err.println("a door did not close: " + e);
      }
    }
  }
}
