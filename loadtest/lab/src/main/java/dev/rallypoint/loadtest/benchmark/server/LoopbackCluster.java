package dev.rallypoint.loadtest.benchmark.server;

import dev.rallypoint.loadtest.cluster.PostgresServer;
import dev.rallypoint.loadtest.environment.CpuTime;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
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
import java.util.concurrent.ThreadLocalRandom;

/** Nodes with a PostgreSQL of their own, each on an address of its own in 127.0.0.0/8. */
public final class LoopbackCluster implements AutoCloseable {
  private static final int PORTS = 5;

  private final PostgresServer postgres;
  private final List<InetSocketAddress> idServers;
  private final List<NodeProcess> nodes;
  private final String key;
  private final ExitCleanup cleanup;

  private LoopbackCluster(
      PostgresServer postgres,
      List<InetSocketAddress> idServers,
      List<NodeProcess> nodes,
      ExitCleanup cleanup) {
    this.postgres = postgres;
    this.idServers = idServers;
    this.nodes = nodes;
    this.cleanup = cleanup;
    this.key = nodes.getFirst().awaitKey();
  }

  /** Starts so many nodes and waits until all are ready. */
  public static LoopbackCluster start(Path launcher, int size) throws IOException {
    Path folder = TemporaryFolder.create("bench");
    int port = FreePorts.first(PORTS) + 1;
    PostgresServer postgres = PostgresServer.installOnLoopback(FreePorts.one(), folder);
    List<NodeProcess> nodes = new ArrayList<>();
    List<InetSocketAddress> idServers = new ArrayList<>();
    ExitCleanup cleanup =
        ExitCleanup.register(() -> {
          nodes.forEach(NodeProcess::close);
          postgres.close();
          TemporaryFolder.delete(folder);
        });
    try {
      postgres.start();
      String network = "127.0." + ThreadLocalRandom.current().nextInt(2, 250) + ".";
      for (int number = 1; number <= size; number++) {
        String address = network + number;
        idServers.add(new InetSocketAddress(address, port));
        nodes.add(node(launcher, folder, address, port, postgres));
        if (number == 1) {
          nodes.getFirst().awaitKey(); // it makes the tables
        }
      }
      nodes.forEach(NodeProcess::awaitKey);
      return new LoopbackCluster(postgres, idServers, nodes, cleanup);
    } catch (IOException | RuntimeException e) {
      cleanup.run();
      throw e;
    }
  }

  private static NodeProcess node(
      Path launcher, Path folder, String address, int port, PostgresServer postgres)
      throws IOException {
    return NodeProcess.start(
        new NodeProcess.Start(
            List.of(),
            launcher,
            Files.createDirectories(folder.resolve(address)),
            List.of(
                "port=" + port,
                "bind=" + address,
                "cluster-host=" + address,
                "management-port=0",
                "api-port=0",
                "exempt-networks=127.0.0.0/8"),
            Map.of("DB_URL", postgres.url()),
            folder.resolve(address + ".log")));
  }

  /** The addresses of the ID servers, in the order of the nodes. */
  public List<InetSocketAddress> idServers() {
    return idServers;
  }

  /** The public key of all nodes. */
  public String key() {
    return key;
  }

  /** The CPU time of all nodes so far, in seconds. */
  public double cpuSeconds() throws IOException {
    double seconds = 0;
    for (NodeProcess node : nodes) {
      seconds += CpuTime.of(node.pid());
    }
    return seconds;
  }

  /** The transactions of the database so far. */
  public long transactions() {
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT xact_commit + xact_rollback FROM pg_stat_database"
                    + " WHERE datname = current_database()")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new EnvironmentException("the database cannot be asked: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    cleanup.run();
  }
}
