package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.machine.LabException;
import dev.rallypoint.loadtest.machine.Namespaces;
import dev.rallypoint.loadtest.machine.NodeProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A site of one server with a public address. */
final class OneServer implements Site {
  /** Its public address. */
  static final String ADDRESS = "203.0.113.10";

  private static final String LABEL = "server";
  private static final String WAN = "wan";
  private static final long STOP_SECONDS = 30;

  private final Path launcher;
  private final Path data;
  private final Path log;
  private final Namespaces namespaces = Namespaces.plan();
  private @Nullable NodeProcess server;
  private boolean closed;

  OneServer(Path launcher, Path data, Path log) {
    this.launcher = launcher;
    this.data = data;
    this.log = log;
  }

  @Override
  public Namespaces namespaces() {
    return namespaces;
  }

  @Override
  public void open() {
    namespaces.add(WAN);
    namespaces.bridge(WAN, WAN);
    namespaces.add(LABEL);
    namespaces.attach(WAN, WAN, LABEL, WAN, ADDRESS);
    namespaces.filter(LABEL, RelayMeter.rules());
    Homes.build(namespaces, WAN, router -> "");
    start();
  }

  private synchronized void start() {
    if (closed) {
      throw new LabException("the lab is being taken down");
    }
    server = NodeProcess.start(namespaces.inside(LABEL), launcher, data, List.of(), Map.of(), log);
  }

  private synchronized NodeProcess server() {
    NodeProcess running = server;
    if (running == null) {
      throw new LabException("the server is not started");
    }
    return running;
  }

  @Override
  public String key() {
    return server().key();
  }

  @Override
  public List<Integer> restart() {
    int code = server().stop(STOP_SECONDS);
    start();
    key();
    return List.of(code);
  }

  @Override
  public String address() {
    return ADDRESS;
  }

  @Override
  public String home() {
    return ADDRESS;
  }

  @Override
  public boolean isRelay(String host) {
    return host.equals(ADDRESS);
  }

  @Override
  public long relayedBytes() {
    return namespaces.bytesCounted(LABEL, RelayMeter.COUNTER);
  }

  @Override
  public synchronized void endServers() {
    closed = true;
    if (server != null) {
      server.close();
    }
  }

  @Override
  public void close() {
    endServers();
    namespaces.close();
  }
}
