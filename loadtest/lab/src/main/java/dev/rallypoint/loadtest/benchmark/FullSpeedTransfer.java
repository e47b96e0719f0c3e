package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes to both sockets of many sessions at full speed and counts the bytes that each receives.
 */
final class FullSpeedTransfer {
  /** A megabit as hbbr counts it. */
  private static final double MEGABIT = 1024 * 1024;

  private static final long WARM_UP = 2_000_000_000L;
  private static final int BUFFER_SIZE = 64 * 1024;

  private FullSpeedTransfer() {}

  /** A socket and its number; those of a session follow each other. */
  private record Socket(SocketChannel channel, int number) {}

  /**
   * The speed of a session.
   *
   * @param toA megabits per second to the requester
   * @param toB megabits per second to the target
   */
  record Speed(double toA, double toB) {
    double sum() {
      return toA + toB;
    }

    /** The speed of the slower direction divided by that of the faster one. */
    double evenness() {
      double faster = Math.max(toA, toB);
      return faster == 0 ? 0 : Math.min(toA, toB) / faster;
    }
  }

  /** Measures the speed of each session, after 2 s of warm-up. */
  static List<Speed> run(TransferPath path, int sessions, int seconds) throws IOException {
    return path.withSessions(
        sessions,
        opened -> {
          List<Socket> sockets = new ArrayList<>();
          for (SocketChannel channel : SessionSockets.all(opened)) {
            channel.configureBlocking(false);
            sockets.add(new Socket(channel, sockets.size()));
          }
          return transfer(sockets, new long[sockets.size()], seconds * 1_000_000_000L);
        });
  }

  private static List<Speed> transfer(List<Socket> sockets, long[] received, long nanos)
      throws IOException {
    ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_SIZE);
    ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_SIZE);
    long[] before = new long[received.length];
    try (Selector selector = Selector.open()) {
      for (Socket socket : sockets) {
        socket.channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, socket);
      }
      long start = System.nanoTime();
      long measuredSince = 0;
      for (long now = start;
          measuredSince == 0 || now - measuredSince < nanos;
          now = System.nanoTime()) {
        if (measuredSince == 0 && now - start >= WARM_UP) {
          System.arraycopy(received, 0, before, 0, received.length);
          measuredSince = now;
        }
        selector.select(10);
        for (SelectionKey key : selector.selectedKeys()) {
          Socket socket = (Socket) key.attachment();
          if (key.isReadable()) {
            received[socket.number] += Math.max(0, socket.channel.read(in.clear()));
          }
          if (key.isWritable()) {
            socket.channel.write(out.clear());
          }
        }
        selector.selectedKeys().clear();
      }
      double elapsed = (System.nanoTime() - measuredSince) / 1e9;
      List<Speed> speeds = new ArrayList<>();
      for (int i = 0; i < received.length; i += 2) {
        speeds.add(
            new Speed(
                (received[i] - before[i]) * 8 / MEGABIT / elapsed,
                (received[i + 1] - before[i + 1]) * 8 / MEGABIT / elapsed));
      }
      return speeds;
    }
  }
}
