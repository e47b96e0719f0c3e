package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads from many sockets on one thread and discards the bytes. */
final class ByteSink {
  private static final int READ_SIZE = 1024 * 1024;

  private final Thread thread;
  private volatile @Nullable IOException failure;

  /** Starts to read, until this many bytes have come in all. */
  ByteSink(List<SocketChannel> sources, long bytes) {
    failure = new IOException("not finished");
    thread =
        Thread.ofPlatform()
            .name("byte-sink")
            .start(() -> {
              try {
                read(sources, bytes);
                failure = null;
              } catch (IOException e) {
                failure = e;
              }
            });
  }

  /** Waits until all bytes have come. */
  void join() throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    IOException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }

  private static void read(List<SocketChannel> sources, long bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_SIZE);
    try (Selector selector = Selector.open()) {
      for (SocketChannel source : sources) {
        source.configureBlocking(false);
        source.register(selector, SelectionKey.OP_READ);
      }
      long left = bytes;
      while (left > 0) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          int read = ((SocketChannel) key.channel()).read(buffer.clear());
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
