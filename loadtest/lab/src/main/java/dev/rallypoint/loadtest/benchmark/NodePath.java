package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The path through the relay of a Rallypoint node, which is started for it. */
final class NodePath implements TransferPath {
  private static final String KEY = "benchmark";
  private static final int PORTS = 8;
  private static final int ID_SERVER_OFFSET = 2;
  private static final int RELAY_OFFSET = 5;

  private final String name;
  private final NodeProcess process;
  private final InetSocketAddress relay;

  private NodePath(String name, NodeProcess process, InetSocketAddress relay) {
    this.name = name;
    this.process = process;
    this.relay = relay;
  }

  /** Starts a node whose bandwidth limits are too high to matter, and waits until it is ready. */
  static NodePath start(Path launcher, Path folder, boolean splices) throws IOException {
    String name = splices ? "ours-splice" : "ours-copy";
    return start(launcher, folder, name, splices, 100_000, 1_000_000);
  }

  /**
   * Starts a node and waits until it is ready.
   *
   * @param splices the setting {@code relay-splice}
   * @param single the bandwidth limit of a session, in megabits per second
   * @param total the bandwidth limit of the node, in megabits per second
   */
  static NodePath start(
      Path launcher, Path folder, String name, boolean splices, int single, int total)
      throws IOException {
    Path data = Files.createDirectories(folder.resolve(name));
    int port = FreePorts.first(PORTS);
    List<String> settings =
        List.of(
            "port=" + (port + ID_SERVER_OFFSET),
            "relay-port=" + (port + RELAY_OFFSET),
            "key=" + KEY,
            "bind=127.0.0.1",
            "relay-splice=" + (splices ? "Y" : "N"),
            "single-bandwidth=" + single,
            "total-bandwidth=" + total,
            "downgrade-threshold=1000000",
            "relay-idle-timeout=1h",
            "max-connections=1000000",
            "exempt-networks=127.0.0.0/8",
            "connections-per-address=1000000",
            "relay-waiting-per-address=1000000");
    String options = Optional.ofNullable(System.getenv("JAVA_OPTS")).orElse("");
    NodeProcess process =
        NodeProcess.start(
            new NodeProcess.Start(
                List.of(),
                launcher,
                data,
                settings,
                Map.of("JAVA_OPTS", (options + " -XX:-MaxFDLimit").strip()),
                folder.resolve(name + ".log")));
    InetAddress loopback = InetAddress.getLoopbackAddress();
    NodePath path =
        new NodePath(name, process, new InetSocketAddress(loopback, port + RELAY_OFFSET));
    try {
      process.awaitKey();
      return path;
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Optional<InetSocketAddress> relay() {
    return Optional.of(relay);
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public SessionSockets connect() throws IOException {
    return RelaySessions.open(relay, relay, KEY);
  }

  @Override
  public void close() {
    process.close();
  }
}
