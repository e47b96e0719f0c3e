package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.environment.CpuTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A path between two sockets that is measured: through a relay, a proxy, or directly. */
interface TransferPath extends AutoCloseable {
  /** The name in the tables. */
  String name();

  /** The process that forwards the bytes; 0 when there is none. */
  long pid();

  /** The CPU seconds of that process so far, user and system. */
  default double cpu() throws IOException {
    return CpuTime.of(pid());
  }

  /** The relay of RustDesk's protocol that it goes through; empty when there is none. */
  default Optional<InetSocketAddress> relay() {
    return Optional.empty();
  }

  /** The access key of {@link #relay}. */
  default String key() {
    return "";
  }

  /** Opens a session, with sockets in blocking mode. */
  SessionSockets connect() throws IOException;

  /** Uses sessions that are opened for it and closed afterwards. */
  @FunctionalInterface
  interface Use<R> {
    R with(List<SessionSockets> sessions) throws IOException;
  }

  /** Opens this many sessions, uses them and closes them. */
  default <R> R withSessions(int count, Use<R> use) throws IOException {
    List<SessionSockets> sessions = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sessions.add(connect());
      }
      return use.with(sessions);
    } finally {
      for (SessionSockets session : sessions) {
        session.close();
      }
    }
  }

  @Override
  void close();
}
