package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExternalCommand;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.environment.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A cluster of node processes with their database and their networks. */
public final class Cluster implements AutoCloseable {

  /** One garbage collection thread, so that all nodes fit on two cores. */
  private static final String JAVA_OPTIONS = "-Xmx768m -XX:+UseSerialGC";

  private static final String ONE_COMPILER_TIER = JAVA_OPTIONS + " -XX:TieredStopAtLevel=1";

  private final ClusterSpec spec;
  private final ClusterNetwork network;
  private final List<SupervisedNode> nodes;
  private final TestCertificate certificate;
  private @Nullable PostgresServer postgres;
  private boolean closed;

  /** A cluster that is not built yet. */
  public Cluster(ClusterSpec spec) {
    this.spec = spec;
    this.network = new ClusterNetwork(NetworkNamespaces.withRandomPrefix(), spec.size());
    this.certificate = new TestCertificate(spec.work());
    this.nodes =
        IntStream.rangeClosed(1, spec.size())
            .mapToObj(number -> new SupervisedNode(number, () -> startNode(number)))
            .toList();
  }

  /** Builds the network, then starts the database. */
  public void build() {
    network.build();
    certificate.create(
        IntStream.rangeClosed(1, spec.size()).mapToObj(ClusterNetwork::clientAddress).toList());
    startDatabase();
  }

  private synchronized void startDatabase() {
    if (closed) {
      throw new EnvironmentException("the cluster is closed");
    }
    PostgresServer installed = PostgresServer.install(network.namespaces(), spec.work());
    postgres = installed;
    installed.start();
  }

  /** Starts all nodes without waiting for them. */
  public void startNodes() {
    nodes.forEach(SupervisedNode::start);
  }

  /** Waits until all nodes are ready and returns their public key. */
  public String awaitReady() {
    List<String> keys = nodes.stream().map(node -> node.process().awaitKey()).distinct().toList();
    if (keys.size() > 1) {
      throw new EnvironmentException("the nodes have different keys: " + keys);
    }
    return keys.getFirst();
  }

  private NodeProcess startNode(int number) {
    try {
      Path data = Files.createDirectories(spec.work().resolve("data" + number));
      List<String> settings = new ArrayList<>();
      settings.add("cluster-host=" + ClusterNetwork.clusterAddress(number));
      settings.add("tls-certificate=" + certificate.certificate());
      settings.add("tls-key=" + certificate.key());
      if (spec.namesRelays()) {
        settings.add(
            "relay-name=" + ClusterNetwork.clientAddress(number) + ":" + NodeProcess.RELAY_PORT);
      }
      if (spec.bySeeds()) {
        settings.add("seed-nodes=" + seeds());
        copyKey(data);
      }
      settings.addAll(spec.settings());
      return NodeProcess.start(
          new NodeProcess.Start(
              network.namespaces().prefixCommand(ClusterNetwork.label(number)),
              spec.launcher(),
              data,
              settings,
              Map.of(
                  "JAVA_OPTS",
                  spec.isMeasured() ? JAVA_OPTIONS : ONE_COMPILER_TIER,
                  "DB_URL",
                  PostgresServer.URL),
              spec.work().resolve(ClusterNetwork.label(number) + ".log")));
    } catch (IOException e) {
      throw new EnvironmentException("node " + number + " does not start: " + e.getMessage(), e);
    }
  }

  private String seeds() {
    return IntStream.rangeClosed(1, spec.size())
        .mapToObj(n -> ClusterNetwork.clusterAddress(n) + ":" + ClusterNetwork.CLUSTER_PORT)
        .collect(Collectors.joining(","));
  }

  /** Puts the same key pair into each data folder, as an operator does without a database. */
  private void copyKey(Path data) throws IOException {
    Path keys = spec.work().resolve("keys");
    if (!Files.exists(keys)) {
      Files.createDirectory(keys);
      ExternalCommand.run(
          spec.launcher().toAbsolutePath().toString(),
          "keys",
          "generate",
          "--data",
          keys.toString());
    }
    for (String name : List.of("id_ed25519", "id_ed25519.pub")) {
      if (!Files.exists(data.resolve(name))) {
        Files.copy(keys.resolve(name), data.resolve(name));
      }
    }
  }

  /** The node with this number, from 1. */
  public SupervisedNode node(int number) {
    return nodes.get(number - 1);
  }

  /** All nodes. */
  public List<SupervisedNode> nodes() {
    return nodes;
  }

  /** The networks. */
  public ClusterNetwork network() {
    return network;
  }

  /** The certificate of the nodes' WebSocket ports. */
  public TestCertificate certificate() {
    return certificate;
  }

  /** The database. */
  public synchronized PostgresServer postgres() {
    PostgresServer running = postgres;
    if (running == null) {
      throw new EnvironmentException("the database is not started");
    }
    return running;
  }

  /** Kills the nodes and the database; the network stays. */
  public void endProcesses() {
    nodes.forEach(SupervisedNode::close);
    synchronized (this) {
      closed = true;
      if (postgres != null) {
        postgres.close();
      }
    }
  }

  @Override
  public void close() {
    endProcesses();
    network.namespaces().close();
  }
}
