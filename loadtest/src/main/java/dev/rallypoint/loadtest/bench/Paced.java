package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Sessions that each send pieces of 16 KiB at a steady pace, as screen sharing does. */
final class Paced {
  private static final int PIECE = 16 * 1024;
  private static final int SESSIONS = 20;
  private static final double BYTES_A_SECOND = 10e6;

  private Paced() {}

  static Sample run(Contestant contestant, double seconds) throws IOException {
    List<Wire> wires = new ArrayList<>();
    try {
      for (int i = 0; i < SESSIONS; i++) {
        wires.add(contestant.connect());
      }
      return Sample.of(contestant, () -> move(wires, seconds));
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }

  private static long move(List<Wire> wires, double seconds) throws IOException {
    List<SocketChannel> sources = wires.stream().map(Wire::a).toList();
    long pieces = (long) (seconds * BYTES_A_SECOND * sources.size() / PIECE);
    double gap = 1e9 * PIECE / BYTES_A_SECOND / sources.size();
    Drain drain = new Drain(wires.stream().map(Wire::b).toList(), pieces * PIECE);
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    long start = System.nanoTime();
    for (long i = 0; i < pieces; i++) {
      long wait = start + (long) (i * gap) - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
      // Blocking: a session that does not keep up slows the row down, which its speed shows.
      piece.clear();
      while (piece.hasRemaining()) {
        sources.get((int) (i % sources.size())).write(piece);
      }
    }
    drain.join();
    return pieces * PIECE;
  }
}
