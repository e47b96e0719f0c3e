package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Writes into both ends of many sessions without a pause, and counts what comes out of each. */
final class Push {
  /** hbbr's megabit. */
  private static final double MEGABIT = 1024 * 1024;

  private static final long WARM_UP = 2_000_000_000L;
  private static final int PIECE = 64 * 1024;

  private Push() {}

  private static final class End {
    private final SocketChannel channel;
    private final int number;

    End(SocketChannel channel, int number) {
      this.channel = channel;
      this.number = number;
    }
  }

  /**
   * What came out of a session.
   *
   * @param toA megabits a second
   * @param toB megabits a second
   */
  record Came(double toA, double toB) {
    double sum() {
      return toA + toB;
    }

    /** The slower direction's part of the faster one's. */
    double evenness() {
      double faster = Math.max(toA, toB);
      return faster == 0 ? 0 : Math.min(toA, toB) / faster;
    }
  }

  /** What comes out of each session after two seconds. */
  static List<Came> run(Contestant contestant, int sessions, int seconds) throws IOException {
    List<Wire> wires = new ArrayList<>();
    List<End> ends = new ArrayList<>();
    try {
      for (int i = 0; i < sessions; i++) {
        Wire wire = contestant.connect();
        wires.add(wire);
        for (SocketChannel end : List.of(wire.a(), wire.b())) {
          end.configureBlocking(false);
          ends.add(new End(end, ends.size()));
        }
      }
      return pour(ends, new long[ends.size()], seconds * 1_000_000_000L);
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }

  private static List<Came> pour(List<End> ends, long[] came, long nanos) throws IOException {
    ByteBuffer out = ByteBuffer.allocateDirect(PIECE);
    ByteBuffer in = ByteBuffer.allocateDirect(PIECE);
    long[] before = new long[came.length];
    try (Selector selector = Selector.open()) {
      for (End end : ends) {
        end.channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, end);
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
          End end = (End) key.attachment();
          if (key.isReadable()) {
            came[end.number] += Math.max(0, end.channel.read(in.clear()));
          }
          if (key.isWritable()) {
            end.channel.write(out.clear());
          }
        }
        selector.selectedKeys().clear();
      }
      double elapsed = (System.nanoTime() - begun) / 1e9;
      List<Came> speeds = new ArrayList<>();
      for (int i = 0; i < came.length; i += 2) {
        speeds.add(
            new Came(
                (came[i] - before[i]) * 8 / MEGABIT / elapsed,
                (came[i + 1] - before[i + 1]) * 8 / MEGABIT / elapsed));
      }
      return speeds;
    }
  }
}
