package dev.rallypoint.testing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.app.Node;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AccessKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Several whole nodes of one cluster in this JVM, each on a loopback ip of its own with the same
 * ports, over one PostgreSQL. What nodes say to each other can be cut; clients and the database
 * stay reachable.
 */
public final class TestCluster implements AutoCloseable {
  private static final int ATTEMPTS = 20;
  private static final ServerKey KEY =
      new ServerKey(Optional.of(TestNode.KEYS), new AccessKey(TestNode.KEYS.publicKey().text()));

  /** A split is decided sooner than in service. */
  private static final Config QUICK = overlay("3s");

  /** A cut heals before a split is decided, on a slow machine too. */
  private static final Config PATIENT = overlay("60s");

  private final List<TestNode> nodes = new ArrayList<>();
  private final Set<TestNode> lost = new HashSet<>();
  private final Map<TestNode, CompletableFuture<Void>> ends = new HashMap<>();
  private final String network;
  private final int port;
  private final Path data;
  private final String database;
  private final Config overlay;
  private final BiFunction<TestSettings, Integer, TestSettings> change;

  private TestCluster(
      Path data,
      String database,
      Config overlay,
      BiFunction<TestSettings, Integer, TestSettings> change) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    this.network = "127." + random.nextInt(1, 255) + "." + random.nextInt(255) + ".";
    this.port = random.nextInt(30_000, 32_000) & ~7;
    this.data = data;
    this.database = database;
    this.overlay = overlay;
    this.change = change;
  }

  /** With the switch for cut links. */
  private static Config overlay(String stableAfter) {
    return ConfigFactory.parseMap(
        Map.of(
            "pekko.remote.artery.advanced.test-mode",
            "on",
            "pekko.cluster.failure-detector.acceptable-heartbeat-pause",
            "5s",
            "pekko.cluster.split-brain-resolver.stable-after",
            stableAfter));
  }

  /** Starts so many nodes with the default settings. */
  public static TestCluster of(int size, Path data) {
    return of(size, data, settings -> settings);
  }

  /** Starts so many nodes that decide nothing for a minute after a link was cut. */
  public static TestCluster patient(int size, Path data) {
    return start(size, data, TestPostgres::database, PATIENT, (settings, number) -> settings);
  }

  /** Starts so many nodes, whose settings are changed before they are used. */
  public static TestCluster of(int size, Path data, UnaryOperator<TestSettings> change) {
    return ofEach(size, data, (settings, number) -> change.apply(settings));
  }

  /** The same, where the change may differ from node to node; the first one is 1. */
  public static TestCluster ofEach(
      int size, Path data, BiFunction<TestSettings, Integer, TestSettings> change) {
    return start(size, data, TestPostgres::database, QUICK, change);
  }

  /** Starts so many nodes with the default settings over a server that the test can stop. */
  public static TestCluster over(TestPostgres server, int size, Path data) {
    return start(size, data, server::newDatabase, QUICK, (settings, number) -> settings);
  }

  private static TestCluster start(
      int size,
      Path data,
      Supplier<String> database,
      Config overlay,
      BiFunction<TestSettings, Integer, TestSettings> change) {
    for (int attempt = 1; ; attempt++) {
      TestCluster cluster =
          new TestCluster(data.resolve("cluster-" + attempt), database.get(), overlay, change);
      try {
        cluster.start(size);
        return cluster;
      } catch (SettingException taken) {
        cluster.close();
        if (attempt == ATTEMPTS || !taken.getMessage().contains("port")) {
          throw taken;
        }
      }
    }
  }

  private void start(int size) {
    List<CompletableFuture<TestNode>> starting;
    // The common pool has one thread on two cores, and starting waits.
    try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
      starting =
          IntStream.rangeClosed(1, size)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> startNode(i), threads))
              .toList();
    }
    starting.stream()
        .filter(node -> !node.isCompletedExceptionally())
        .forEach(node -> keep(node.join()));
    try {
      starting.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw e.getCause() instanceof SettingException refusal ? refusal : e;
    }
  }

  private TestNode startNode(int number) {
    String ip = network + number;
    TestSettings plain = TestSettings.in(data.resolve(ip)).member(ip, port + 6).database(database);
    TestSettings settings = change.apply(plain, number);
    return new TestNode(Node.start(settings.on(port), KEY, overlay, end -> {}), ip, port);
  }

  /** Starts one more node, which has the next number, and returns once it is a member. */
  public TestNode add() {
    TestNode added = startNode(nodes.size() + 1);
    keep(added);
    return added;
  }

  private void keep(TestNode node) {
    nodes.add(node);
    CompletableFuture<Void> end = new CompletableFuture<>();
    ends.put(node, end);
    Thread.startVirtualThread(() -> {
      node.awaitTermination();
      end.complete(null);
    });
  }

  /** Cuts what a node and the others say to each other, in both directions and silently. */
  public void isolate(int number) {
    linksOf(node(number)).forEach(ClusterLink::cut);
  }

  /** All nodes reach each other again. */
  public void heal() {
    living().flatMap(this::linksOf).forEach(ClusterLink::heal);
  }

  /** Ends a node as a crash does: at once, and without a word to the others. */
  public void kill(int number) {
    TestNode killed = node(number);
    isolate(number);
    lost.add(killed);
    end(killed);
  }

  private static void end(TestNode node) {
    CoordinatedShutdown.get(node.running().system())
        .run(
            CoordinatedShutdown.unknownReason(),
            Optional.of(CoordinatedShutdown.PhaseBeforeActorSystemTerminate()));
    node.awaitTermination();
  }

  /** Whether a node has not ended, by itself or otherwise. */
  public boolean isRunning(int number) {
    return !Objects.requireNonNull(ends.get(node(number))).isDone();
  }

  /** How many nodes have not ended. */
  public long running() {
    return IntStream.rangeClosed(1, nodes.size()).filter(this::isRunning).count();
  }

  /** How many members a node sees, those it cannot reach too. */
  public int membersSeenBy(int number) {
    return Cluster.get(node(number).running().system()).state().members().size();
  }

  /** How many members a node cannot reach just now. */
  public int unreachableBy(int number) {
    return Cluster.get(node(number).running().system()).state().unreachable().size();
  }

  private Stream<TestNode> living() {
    return nodes.stream().filter(node -> !lost.contains(node));
  }

  private Stream<ClusterLink> linksOf(TestNode node) {
    ActorSystem<?> system = node.running().system();
    return living()
        .filter(other -> other != node)
        .map(other -> other.running().system())
        .flatMap(other ->
            Stream.of(ClusterLink.between(system, other), ClusterLink.between(other, system)));
  }

  /** The url of the database that all nodes share. */
  public String database() {
    return database;
  }

  /** A node, the first one is 1. */
  public TestNode node(int number) {
    return nodes.get(number - 1);
  }

  /** Ends all at once; nobody is left to hear that they leave. */
  @Override
  public void close() {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      nodes.forEach(node -> threads.execute(() -> end(node)));
    }
  }
}
