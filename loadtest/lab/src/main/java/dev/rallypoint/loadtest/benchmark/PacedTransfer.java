package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Sends 10 MB/s in writes of 16 KiB over each of 20 sessions, as screen sharing does. */
final class PacedTransfer {
  private static final int WRITE_SIZE = 16 * 1024;
  private static final int SESSIONS = 20;
  private static final double BYTES_PER_SECOND = 10e6;

  private PacedTransfer() {}

  static Sample run(TransferPath path, double seconds) throws IOException {
    return path.withSessions(
        SESSIONS, sessions -> Sample.of(path, () -> transfer(sessions, seconds)));
  }

  private static long transfer(List<SessionSockets> sessions, double seconds) throws IOException {
    List<SocketChannel> sources = sessions.stream().map(SessionSockets::a).toList();
    long writes = (long) (seconds * BYTES_PER_SECOND * sources.size() / WRITE_SIZE);
    double gap = 1e9 * WRITE_SIZE / BYTES_PER_SECOND / sources.size();
    ByteSink sink =
        new ByteSink(sessions.stream().map(SessionSockets::b).toList(), writes * WRITE_SIZE);
    ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_SIZE);
    long start = System.nanoTime();
    for (long i = 0; i < writes; i++) {
      long wait = start + (long) (i * gap) - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
      // A blocking write: a session that is too slow lowers the measured speed.
      buffer.clear();
      while (buffer.hasRemaining()) {
        sources.get((int) (i % sources.size())).write(buffer);
      }
    }
    sink.join();
    return writes * WRITE_SIZE;
  }
}
