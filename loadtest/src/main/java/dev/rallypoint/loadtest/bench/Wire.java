package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** A session's two ends: what is written to one is read from the other. */
record Wire(SocketChannel a, SocketChannel b) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    a.close();
    b.close();
  }
}
