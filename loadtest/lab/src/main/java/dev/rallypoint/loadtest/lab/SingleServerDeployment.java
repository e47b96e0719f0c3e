package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.environment.NodeProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One server with a public address. */
final class SingleServerDeployment implements Deployment {
  /** The public address. */
  static final String ADDRESS = "203.0.113.10";

  private static final String LABEL = "server";
  private static final String WAN = "wan";
  private static final long STOP_SECONDS = 30;

  private final Path launcher;
  private final Path data;
  private final Path log;
  private final NetworkNamespaces namespaces = NetworkNamespaces.withRandomPrefix();
  private @Nullable NodeProcess server;
  private boolean closed;

  SingleServerDeployment(Path launcher, Path data, Path log) {
    this.launcher = launcher;
    this.data = data;
    this.log = log;
  }

  @Override
  public NetworkNamespaces namespaces() {
    return namespaces;
  }

  @Override
  public void open() {
    namespaces.add(WAN);
    namespaces.bridge(WAN, WAN);
    namespaces.add(LABEL);
    namespaces.attach(WAN, WAN, LABEL, WAN, ADDRESS);
    namespaces.addRules(LABEL, RelayByteCounter.rules());
    ClientNetworks.build(namespaces, WAN, router -> "");
    start();
  }

  private synchronized void start() {
    if (closed) {
      throw new EnvironmentException("the lab is closed");
    }
    server =
        NodeProcess.start(
            new NodeProcess.Start(
                namespaces.prefixCommand(LABEL), launcher, data, List.of(), Map.of(), log));
  }

  private synchronized NodeProcess server() {
    NodeProcess running = server;
    if (running == null) {
      throw new EnvironmentException("the server is not started");
    }
    return running;
  }

  @Override
  public String awaitKey() {
    return server().awaitKey();
  }

  @Override
  public List<Integer> restart() {
    int code = server().stop(STOP_SECONDS);
    start();
    awaitKey();
    return List.of(code);
  }

  @Override
  public String address() {
    return ADDRESS;
  }

  @Override
  public String registrationAddress() {
    return ADDRESS;
  }

  @Override
  public boolean isRelay(String host) {
    return host.equals(ADDRESS);
  }

  @Override
  public long relayedBytes() {
    return namespaces.countedBytes(LABEL, RelayByteCounter.COUNTER);
  }

  @Override
  public synchronized void killServers() {
    closed = true;
    if (server != null) {
      server.close();
    }
  }

  @Override
  public void close() {
    killServers();
    namespaces.close();
  }
}
