package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** No relay: one connection on loopback, which shows what the generator itself can do. */
final class Direct implements Contestant {
  private final ServerSocketChannel sink;

  private Direct(ServerSocketChannel sink) {
    this.sink = sink;
  }

  static Direct open() throws IOException {
    return new Direct(listen());
  }

  /** A listener for ends that are connected by somebody else. */
  static ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
  }

  /** Connects to an address and takes the end that arrives at the listener. */
  static Wire through(InetSocketAddress to, ServerSocketChannel sink) throws IOException {
    SocketChannel a = SocketChannel.open(to);
    SocketChannel b = sink.accept();
    a.setOption(StandardSocketOptions.TCP_NODELAY, true);
    b.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return new Wire(a, b);
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
  public Wire connect() throws IOException {
    return through((InetSocketAddress) sink.getLocalAddress(), sink);
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
