package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.benchmark.server.MeasuredServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The path through RustDesk's relay, which is started for it. */
final class HbbrPath implements TransferPath {
  private final MeasuredServer server;

  private HbbrPath(MeasuredServer server) {
    this.server = server;
  }

  /** Starts hbbr and waits until it listens. */
  static HbbrPath start(Path program) throws IOException, InterruptedException {
    return new HbbrPath(MeasuredServer.hbbr(program));
  }

  @Override
  public String name() {
    return "hbbr";
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public Optional<InetSocketAddress> relay() {
    return Optional.of(server.relay());
  }

  @Override
  public String key() {
    return server.key();
  }

  @Override
  public SessionSockets connect() throws IOException {
    return RelaySessions.open(server.relay(), server.relay(), server.key());
  }

  @Override
  public void close() {
    server.close();
  }
}
