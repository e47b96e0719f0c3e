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

  private static final class Socket {
    private final SocketChannel channel;
    private final int number;

    Socket(SocketChannel channel, int number) {
      this.channel = channel;
      this.number = number;
    }
  }

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
  static List<Speed> run(DataPath contestant, int sessions, int seconds) throws IOException {
    List<SessionSockets> wires = new ArrayList<>();
    List<Socket> ends = new ArrayList<>();
    try {
      for (int i = 0; i < sessions; i++) {
        SessionSockets wire = contestant.connect();
        wires.add(wire);
        for (SocketChannel end : List.of(wire.a(), wire.b())) {
          end.configureBlocking(false);
          ends.add(new Socket(end, ends.size()));
        }
      }
      return transfer(ends, new long[ends.size()], seconds * 1_000_000_000L);
    } finally {
      for (SessionSockets wire : wires) {
        wire.close();
      }
    }
  }

  private static List<Speed> transfer(List<Socket> ends, long[] came, long nanos)
      throws IOException {
    ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_SIZE);
    ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_SIZE);
    long[] before = new long[came.length];
    try (Selector selector = Selector.open()) {
      for (Socket socket : ends) {
        socket.channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, socket);
      }
      long start = System.nanoTime();
      long begun = 0;
      for (long now = start; begun == 0 || now - begun < nanos; now = System.nanoTime()) {
        if (begun == 0 && now - start >= WARM_UP) {
          System.arraycopy(came, 0, before, 0, came.length);
          begun = now;
        }
        selector.select(10);
        for (SelectionKey key : selector.selectedKeys()) {
          Socket socket = (Socket) key.attachment();
          if (key.isReadable()) {
            came[socket.number] += Math.max(0, socket.channel.read(in.clear()));
          }
          if (key.isWritable()) {
            socket.channel.write(out.clear());
          }
        }
        selector.selectedKeys().clear();
      }
      double elapsed = (System.nanoTime() - begun) / 1e9;
      List<Speed> speeds = new ArrayList<>();
      for (int i = 0; i < came.length; i += 2) {
        speeds.add(
            new Speed(
                (came[i] - before[i]) * 8 / MEGABIT / elapsed,
                (came[i + 1] - before[i + 1]) * 8 / MEGABIT / elapsed));
      }
      return speeds;
    }
  }
}
