package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * The two sockets of a session: what is written to one is read from the other.
 *
 * @param a the socket of the requester
 * @param b the socket of the target
 */
record SessionSockets(SocketChannel a, SocketChannel b) implements AutoCloseable {
  /** Both sockets of all sessions, those of a session next to each other. */
  static List<SocketChannel> all(List<SessionSockets> sessions) {
    return sessions.stream().flatMap(session -> List.of(session.a, session.b).stream()).toList();
  }

  @Override
  public void close() throws IOException {
    a.close();
    b.close();
  }
}
