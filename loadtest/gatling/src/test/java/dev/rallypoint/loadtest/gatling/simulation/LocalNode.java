package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The packaged node with default settings on free ports.
 *
 * @param process the node
 * @param port the port of its ID server
 * @param key its public key
 */
record LocalNode(NodeProcess process, int port, String key) implements AutoCloseable {
  private static final Path LAUNCHER = Path.of("../../node/target/rallypoint/bin/rallypoint");
  private static final int PORTS = 5;

  static LocalNode start(Path folder) throws IOException {
    int port = FreePorts.first(PORTS) + 1;
    NodeProcess process =
        NodeProcess.start(
            new NodeProcess.Start(
                List.of(),
                LAUNCHER,
                Files.createDirectory(folder.resolve("data")),
                List.of("port=" + port, "management-port=0", "api-port=0"),
                Map.of(),
                folder.resolve("node.log")));
    return new LocalNode(process, port, process.awaitKey());
  }

  /** The options that lead to the node. */
  String target() {
    return target(port);
  }

  /** The options that lead to the node through another port. */
  String target(int other) {
    return " --target 127.0.0.1:" + other + " --key " + key;
  }

  @Override
  public void close() {
    process.close();
  }
}
