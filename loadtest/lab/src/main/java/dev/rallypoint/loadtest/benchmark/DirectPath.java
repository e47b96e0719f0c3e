package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The path without a relay: one loopback connection, whose speed is that of the load generator. */
final class DirectPath implements TransferPath {
  private final ServerSocketChannel listener;

  private DirectPath(ServerSocketChannel listener) {
    this.listener = listener;
  }

  static DirectPath open() throws IOException {
    return new DirectPath(listen());
  }

  /** A listener on a free loopback port. */
  static ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
  }

  /** Connects to an address and accepts the connection that arrives at the listener. */
  static SessionSockets connect(InetSocketAddress to, ServerSocketChannel listener)
      throws IOException {
    SocketChannel a = SocketChannel.open(to);
    SocketChannel b = listener.accept();
    a.setOption(StandardSocketOptions.TCP_NODELAY, true);
    b.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return new SessionSockets(a, b);
  }

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public long pid() {
    return 0;
  }

  @Override
  public SessionSockets connect() throws IOException {
    return connect((InetSocketAddress) listener.getLocalAddress(), listener);
  }

  @Override
  public void close() {
    close(listener);
  }

  /** Closes a listener that is not needed any more. */
  static void close(ServerSocketChannel listener) {
    try {
      listener.close();
    } catch (IOException e) {
      System.err.println("cannot close a listener: " + e.getMessage());
    }
  }
}
