package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;

/** A path between two sockets that is measured: through a relay, a proxy, or directly. */
interface DataPath extends AutoCloseable {
  /** The name in the tables. */
  String name();

  /** The process that forwards the bytes; 0 when there is none. */
  long pid();

  /** The CPU seconds of that process so far, user and system. */
  default double cpu() throws IOException {
    return CpuTime.of(pid());
  }

  /** Opens a session, with sockets in blocking mode. */
  SessionSockets connect() throws IOException;

  @Override
  void close();
}
