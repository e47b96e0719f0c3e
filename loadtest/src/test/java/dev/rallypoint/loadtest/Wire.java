package dev.rallypoint.loadtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A TCP connection of this host with itself.
 *
 * @param near one end
 * @param far the other
 */
record Wire(PeerPipe near, PeerPipe far) implements AutoCloseable {
  static Wire open() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
      Socket near = new Socket();
      near.connect(new InetSocketAddress(loopback, server.getLocalPort()), 5_000);
      Socket far = server.accept();
      return new Wire(new FramePipe(new FrameSocket(near)), new FramePipe(new FrameSocket(far)));
    }
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }
}
