package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads from many sockets on one thread into one buffer that nobody looks at. */
final class Drain {
  private static final int PIECE = 1024 * 1024;

  private final Thread thread;
  private volatile @Nullable IOException fault;

  /** Reads until so many bytes have come in all. */
  Drain(List<SocketChannel> sources, long bytes) {
    fault = new IOException("not done");
    thread =
        Thread.ofPlatform()
            .name("drain")
            .start(() -> {
              try {
                read(sources, bytes);
                fault = null;
              } catch (IOException e) {
                fault = e;
              }
            });
  }

  /** Waits until all has come. */
  void join() throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    IOException seen = fault;
    if (seen != null) {
      throw seen;
    }
  }

  private static void read(List<SocketChannel> sources, long bytes) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    try (Selector selector = Selector.open()) {
      for (SocketChannel source : sources) {
        source.configureBlocking(false);
        source.register(selector, SelectionKey.OP_READ);
      }
      long left = bytes;
      while (left > 0) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          int read = ((SocketChannel) key.channel()).read(piece.clear());
          if (read < 0) {
            throw new IOException("the stream ended " + left + " bytes early");
          }
          left -= read;
        }
        selector.selectedKeys().clear();
      }
    }
  }
}
