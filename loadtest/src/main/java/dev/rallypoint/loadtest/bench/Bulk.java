package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** As much as goes through, both ways at once: one thread writes, one reads. */
final class Bulk {
  private static final int PIECE = 256 * 1024;

  private Bulk() {}

  /** Sends so many bytes in all over a number of sessions. */
  static Sample run(Contestant contestant, int sessions, long bytes) throws IOException {
    List<Wire> wires = new ArrayList<>();
    try {
      List<SocketChannel> ends = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        Wire wire = contestant.connect();
        wires.add(wire);
        ends.add(wire.a());
        ends.add(wire.b());
      }
      long each = bytes / ends.size();
      for (SocketChannel end : ends) {
        end.configureBlocking(false);
      }
      return Sample.of(contestant, () -> move(ends, each));
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }

  private static long move(List<SocketChannel> ends, long each) throws IOException {
    long all = each * ends.size();
    Drain drain = new Drain(ends, all);
    write(ends, each);
    drain.join();
    return all;
  }

  private static void write(List<SocketChannel> ends, long each) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    try (Selector selector = Selector.open()) {
      for (SocketChannel end : ends) {
        end.register(selector, SelectionKey.OP_WRITE, new long[] {each});
      }
      int open = ends.size();
      while (open > 0) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          long[] left = (long[]) key.attachment();
          piece.clear().limit((int) Math.min(PIECE, left[0]));
          left[0] -= ((SocketChannel) key.channel()).write(piece);
          if (left[0] == 0) {
            key.cancel();
            open--;
          }
        }
        selector.selectedKeys().clear();
      }
    }
  }
}
