package dev.rallypoint.loadtest.peer.session;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Forwards datagrams between two sockets and drops every fifth of each direction. */
final class LossyUdpPath implements AutoCloseable {
  private static final int LOST_OF = 5;

  private final DatagramSocket nearSide;
  private final DatagramSocket farSide;
  private final AtomicInteger lost = new AtomicInteger();

  private LossyUdpPath(DatagramSocket nearSide, DatagramSocket farSide) {
    this.nearSide = nearSide;
    this.farSide = farSide;
  }

  static LossyUdpPath between(DatagramSocket near, DatagramSocket far) throws IOException {
    LossyUdpPath path = new LossyUdpPath(open(), open());
    path.forward(path.nearSide, path.farSide, far.getLocalSocketAddress());
    path.forward(path.farSide, path.nearSide, near.getLocalSocketAddress());
    return path;
  }

  private static DatagramSocket open() throws IOException {
    return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private void forward(DatagramSocket from, DatagramSocket onward, SocketAddress to) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            for (int count = 1; true; count++) {
              DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
              from.receive(packet);
              if (count % LOST_OF == 0) {
                lost.incrementAndGet();
              } else {
                packet.setSocketAddress(to);
                onward.send(packet);
              }
            }
          } catch (IOException closed) {
            // The test has ended.
          }
        });
  }

  /** Where the near socket sends to. */
  SocketAddress nearSide() {
    return nearSide.getLocalSocketAddress();
  }

  /** Where the far socket sends to. */
  SocketAddress farSide() {
    return farSide.getLocalSocketAddress();
  }

  int lost() {
    return lost.get();
  }

  @Override
  public void close() {
    nearSide.close();
    farSide.close();
  }
}
