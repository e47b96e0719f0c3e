package dev.rallypoint.loadtest.peer.session;

import dev.rallypoint.loadtest.peer.transport.PeerConnection;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Two peers that are connected over loopback TCP.
 *
 * @param near one end
 * @param far the other end
 */
record TcpPeerPair(PeerConnection near, PeerConnection far) implements AutoCloseable {
  static TcpPeerPair open() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
      Socket near = new Socket();
      near.connect(new InetSocketAddress(loopback, server.getLocalPort()), 5_000);
      Socket far = server.accept();
      return new TcpPeerPair(new TcpFrameConnection(near), new TcpFrameConnection(far));
    }
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }
}
