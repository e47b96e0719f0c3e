package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Sends bytes in both directions of all sessions at full speed: one thread writes, one reads. */
final class BulkTransfer {
  private static final int WRITE_SIZE = 256 * 1024;

  private BulkTransfer() {}

  /** Sends this many bytes in all. */
  static Sample run(TransferPath path, int sessions, long bytes) throws IOException {
    return path.withSessions(
        sessions,
        opened -> {
          List<SocketChannel> sockets = SessionSockets.all(opened);
          for (SocketChannel socket : sockets) {
            socket.configureBlocking(false);
          }
          return Sample.of(path, () -> transfer(sockets, bytes / sockets.size()));
        });
  }

  private static long transfer(List<SocketChannel> sockets, long bytesEach) throws IOException {
    long all = bytesEach * sockets.size();
    ByteSink sink = new ByteSink(sockets, all);
    write(sockets, bytesEach);
    sink.join();
    return all;
  }

  private static void write(List<SocketChannel> sockets, long bytesEach) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_SIZE);
    try (Selector selector = Selector.open()) {
      for (SocketChannel socket : sockets) {
        socket.register(selector, SelectionKey.OP_WRITE, new long[] {bytesEach});
      }
      int open = sockets.size();
      while (open > 0) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          long[] left = (long[]) key.attachment();
          buffer.clear().limit((int) Math.min(WRITE_SIZE, left[0]));
          left[0] -= ((SocketChannel) key.channel()).write(buffer);
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
