package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.machine.LabException;
import dev.rallypoint.loadtest.machine.Namespaces;
import dev.rallypoint.loadtest.machine.NodeProcess;
import dev.rallypoint.loadtest.machine.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Nodes, their database and their networks. */
public final class Cluster implements AutoCloseable {
  private static final int CLUSTER_PORT = 25520;

  /** Less work of the compiler and one thread for garbage, so that all nodes fit on two cores. */
  private static final String JAVA_OPTIONS = "-Xmx768m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final ClusterPlan plan;
  private final ClusterNetwork network;
  private final List<Member> members;
  private final LabCertificate certificate;
  private @Nullable Postgres postgres;
  private boolean closed;

  /** A cluster that is only a plan yet. */
  public Cluster(ClusterPlan plan) {
    this.plan = plan;
    this.network = new ClusterNetwork(Namespaces.plan(), plan.size());
    this.certificate = new LabCertificate(plan.work());
    this.members =
        IntStream.rangeClosed(1, plan.size())
            .mapToObj(number -> new Member(number, () -> startNode(number)))
            .toList();
  }

  /** Builds the network and starts the database. */
  public void build() {
    network.build();
    certificate.create(
        IntStream.rangeClosed(1, plan.size()).mapToObj(ClusterNetwork::clientAddress).toList());
    startDatabase();
  }

  private synchronized void startDatabase() {
    if (closed) {
      throw new LabException("the lab is being taken down");
    }
    Postgres installed = Postgres.install(network.namespaces(), plan.work());
    postgres = installed;
    installed.start();
  }

  /** Starts all nodes at the same time, without waiting. */
  public void startNodes() {
    members.forEach(Member::start);
  }

  /** Waits until all nodes are ready; gives their public key. */
  public String awaitReady() {
    List<String> keys = members.stream().map(member -> member.process().key()).distinct().toList();
    if (keys.size() > 1) {
      throw new LabException("the nodes have different keys: " + keys);
    }
    return keys.getFirst();
  }

  private NodeProcess startNode(int number) {
    try {
      Path data = Files.createDirectories(plan.work().resolve("data" + number));
      List<String> settings = new ArrayList<>();
      settings.add("cluster-host=" + ClusterNetwork.clusterAddress(number));
      settings.add("tls-certificate=" + certificate.chain());
      settings.add("tls-key=" + certificate.key());
      if (plan.namesRelays()) {
        settings.add(
            "relay-name=" + ClusterNetwork.clientAddress(number) + ":" + NodeProcess.RELAY_PORT);
      }
      if (plan.bySeeds()) {
        settings.add("seed-nodes=" + seeds());
        copyKey(data);
      }
      settings.addAll(plan.settings());
      return NodeProcess.start(
          network.namespaces().inside(ClusterNetwork.label(number)),
          plan.launcher(),
          data,
          settings,
          Map.of("JAVA_OPTS", JAVA_OPTIONS, "DB_URL", Postgres.URL),
          plan.work().resolve(ClusterNetwork.label(number) + ".log"));
    } catch (IOException e) {
      throw new LabException("node " + number + " does not start: " + e.getMessage(), e);
    }
  }

  private String seeds() {
    return IntStream.rangeClosed(1, plan.size())
        .mapToObj(n -> ClusterNetwork.clusterAddress(n) + ":" + CLUSTER_PORT)
        .collect(Collectors.joining(","));
  }

  /** The same key pair in each folder, so that nobody has to agree on one. */
  private void copyKey(Path data) throws IOException {
    Path keys = plan.work().resolve("keys");
    if (!Files.exists(keys)) {
      Files.createDirectory(keys);
      Program.run(
          plan.launcher().toAbsolutePath().toString(),
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

  /** A node, the first one is 1. */
  public Member node(int number) {
    return members.get(number - 1);
  }

  /** All nodes. */
  public List<Member> nodes() {
    return members;
  }

  /** The networks. */
  public ClusterNetwork network() {
    return network;
  }

  /** The certificate of the nodes' WebSocket ports. */
  public LabCertificate certificate() {
    return certificate;
  }

  /** The database. */
  public synchronized Postgres postgres() {
    Postgres running = postgres;
    if (running == null) {
      throw new LabException("the database is not started");
    }
    return running;
  }

  /** Ends nodes and database at once; the network stays. */
  public void endProcesses() {
    members.forEach(Member::close);
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
