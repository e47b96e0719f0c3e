package dev.rallypoint.loadtest.attacks.harness;

import dev.rallypoint.loadtest.cluster.TestCertificate;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.ProcessFigures;
import dev.rallypoint.loadtest.load.NodeBalancer;
import dev.rallypoint.loadtest.load.SourceAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** The node that is attacked, on a loopback address of its own, with a new data folder. */
public final class AttackedNode implements AutoCloseable {
  private static final int NETWORK = (127 << 24) | (55 << 16);
  private static final int PORTS = 7;

  /** The port before it is the one for health and metrics. */
  private static final int HTTPS_OFFSET = 5;

  private static final long STOP_SECONDS = 30;

  private final NodeProcess process;
  private final String host;
  private final int port;
  private final Path data;
  private String key = "";

  private AttackedNode(NodeProcess process, String host, int port, Path data) {
    this.process = process;
    this.host = host;
    this.port = port;
    this.data = data;
  }

  /**
   * Starts a node and waits until it is ready.
   *
   * @param folder an empty folder for its data and its log
   */
  public static AttackedNode start(Path launcher, Path folder, NodeSpec spec) throws IOException {
    int bits = NETWORK + ThreadLocalRandom.current().nextInt(256, 65_000);
    String host = SourceAddresses.address(bits).getHostAddress();
    int port = FreePorts.first(PORTS) + 1;
    Path data = Files.createDirectories(folder.resolve("data"));
    List<String> settings = new ArrayList<>(List.of("port=" + port, "bind=" + host));
    settings.addAll(certificate(folder, spec.certificate(), host, port));
    settings.addAll(spec.settings());
    String options = Optional.ofNullable(System.getenv("JAVA_OPTS")).orElse("");
    NodeProcess process =
        NodeProcess.start(
            new NodeProcess.Start(
                spec.prefix(),
                launcher,
                data,
                settings,
                Map.of("JAVA_OPTS", (options + " " + spec.javaOptions()).strip()),
                folder.resolve("node.log")));
    AttackedNode node = new AttackedNode(process, host, port, data);
    try {
      node.key = process.awaitKey();
      return node;
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private static List<String> certificate(
      Path folder, NodeSpec.Certificate kind, String host, int port) {
    TestCertificate certificate = new TestCertificate(folder);
    switch (kind) {
      case NONE -> {
        return List.of();
      }
      case RSA -> certificate.createRsa(List.of(host));
      case ECDSA -> certificate.create(List.of(host));
    }
    return List.of(
        "tls-certificate=" + certificate.certificate().toAbsolutePath(),
        "tls-key=" + certificate.key().toAbsolutePath(),
        "https-port=" + (port + HTTPS_OFFSET));
  }

  private InetSocketAddress at(int offset) {
    return new InetSocketAddress(host, port + offset);
  }

  /** The ID server, TCP and UDP. */
  public InetSocketAddress idServer() {
    return at(0);
  }

  /** The NAT test and the online query, TCP. */
  public InetSocketAddress natTest() {
    return at(-1);
  }

  /** The relay, TCP. */
  public InetSocketAddress relay() {
    return at(1);
  }

  /** The ID server for WebSocket. */
  public InetSocketAddress webSocket() {
    return at(2);
  }

  /** The relay for WebSocket. */
  public InetSocketAddress relayWebSocket() {
    return at(3);
  }

  /** The https-port, where the node has a certificate. */
  public InetSocketAddress https() {
    return at(HTTPS_OFFSET);
  }

  /** The node as the loads of honest clients take it. */
  public NodeBalancer balancer() {
    return new NodeBalancer(List.of(host), port);
  }

  /** The public key. */
  public String key() {
    return key;
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The bytes of its heap in use after a collection; empty when it cannot be had. */
  public OptionalLong heapInUse() {
    return ProcessFigures.heap(pid());
  }

  /** The number of ids in its database. */
  public long rows() {
    String url = "jdbc:sqlite:file:" + data.resolve("db_v2.sqlite3").toAbsolutePath() + "?mode=ro";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from peer")) {
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new EnvironmentException("the database cannot be read: " + e.getMessage(), e);
    }
  }

  /** Stops the node; kills it when it does not end in time. */
  @Override
  public void close() {
    try {
      process.stop(STOP_SECONDS);
    } catch (EnvironmentException e) {
      process.close();
    }
  }
}
