package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The two sockets of a session: what is written to one is read from the other.
 *
 * @param a the socket of the requester
 * @param b the socket of the target
 */
record SessionSockets(SocketChannel a, SocketChannel b) implements AutoCloseable {
  /** Uses sessions that are opened for it and closed afterwards. */
  @FunctionalInterface
  interface Use<R> {
    R with(List<SessionSockets> sessions) throws IOException;
  }

  /** Opens sessions, uses them and closes them. */
  static <R> R use(DataPath path, int count, Use<R> use) throws IOException {
    List<SessionSockets> sessions = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sessions.add(path.connect());
      }
      return use.with(sessions);
    } finally {
      for (SessionSockets session : sessions) {
        session.close();
      }
    }
  }

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
