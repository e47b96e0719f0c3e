package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.environment.CpuTime;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node of Rallypoint on loopback, with a database of its own in a temporary folder. Its limits
 * for one address do not count loopback, and its relay has no bandwidth limit in reach: what is
 * looked for is what it can do, not what it is set to.
 */
final class LocalNode implements ServerUnderTest {
  /** Mb/s, for a session and for all. */
  static final String BANDWIDTH = "1000000";

  private static final int PORTS = 5;

  private final NodeProcess process;
  private final ServerAddress address;
  private final String key;
  private final ExitCleanup cleanup;

  private LocalNode(NodeProcess process, ServerAddress address, String key, ExitCleanup cleanup) {
    this.process = process;
    this.address = address;
    this.key = key;
    this.cleanup = cleanup;
  }

  /** Starts a node and waits until it is ready. */
  static LocalNode start(Path launcher) throws IOException {
    Path folder = TemporaryFolder.create("capacity");
    int port = FreePorts.first(PORTS) + 1;
    NodeProcess process =
        NodeProcess.start(
            new NodeProcess.Start(
                List.of(),
                launcher,
                folder,
                List.of(
                    "port=" + port,
                    "management-port=0",
                    "api-port=0",
                    "exempt-networks=127.0.0.0/8",
                    "single-bandwidth=" + BANDWIDTH,
                    "total-bandwidth=" + BANDWIDTH),
                Map.of(),
                folder.resolve("node.log")));
    ExitCleanup cleanup =
        ExitCleanup.register(() -> {
          process.close();
          TemporaryFolder.delete(folder);
        });
    try {
      String key = process.awaitKey();
      ServerAddress address = new ServerAddress(InetAddress.getLoopbackAddress(), port, port + 1);
      return new LocalNode(process, address, key, cleanup);
    } catch (RuntimeException e) {
      cleanup.run();
      throw e;
    }
  }

  @Override
  public String name() {
    return "Rallypoint";
  }

  @Override
  public ServerAddress address() {
    return address;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public double cpuSeconds() throws IOException {
    return CpuTime.of(process.pid());
  }

  @Override
  public Optional<String> lacks(Load load) {
    return Optional.empty();
  }

  @Override
  public void close() {
    cleanup.run();
  }
}
