package dev.rallypoint.testing;

import dev.rallypoint.app.Node;
import dev.rallypoint.app.ServerKey;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.store.PeerStore;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Several whole nodes of one cluster in this JVM, each on a loopback ip of its own with the same
 * ports, over one store.
 */
public final class TestCluster implements AutoCloseable {
  private static final int ATTEMPTS = 20;
  private static final ServerKey KEY =
      new ServerKey(Optional.of(TestNode.KEYS), new AccessKey(TestNode.KEYS.publicKey().text()));

  private final List<TestNode> nodes = new ArrayList<>();

  private TestCluster() {}

  /** Starts so many nodes with the default settings. */
  public static TestCluster of(int size, Path data, PeerStore store) {
    return of(size, data, store, settings -> settings);
  }

  /** Starts so many nodes, whose settings are changed before they are used. */
  public static TestCluster of(
      int size, Path data, PeerStore store, UnaryOperator<TestSettings> change) {
    for (int attempt = 1; ; attempt++) {
      TestCluster cluster = new TestCluster();
      try {
        cluster.start(size, data.resolve("cluster-" + attempt), store, change);
        return cluster;
      } catch (SettingException taken) {
        cluster.close();
        if (attempt == ATTEMPTS || !taken.getMessage().contains("port")) {
          throw taken;
        }
      }
    }
  }

  private void start(int size, Path data, PeerStore store, UnaryOperator<TestSettings> change) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String network = "127." + random.nextInt(1, 255) + "." + random.nextInt(255) + ".";
    int port = random.nextInt(30_000, 32_000) & ~7;
    InetSocketAddress first = InetSocketAddress.createUnresolved(network + 1, port + 6);
    // The first one begins the cluster; the others join it all at once.
    nodes.add(start(network + 1, port, first, data, store, change));
    List<CompletableFuture<TestNode>> joining =
        IntStream.rangeClosed(2, size)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> start(network + i, port, first, data, store, change)))
            .toList();
    joining.forEach(node -> nodes.add(node.join()));
  }

  private static TestNode start(
      String ip,
      int port,
      InetSocketAddress seed,
      Path data,
      PeerStore store,
      UnaryOperator<TestSettings> change) {
    TestSettings settings =
        change.apply(TestSettings.in(data.resolve(ip)).member(ip, port + 6, seed));
    return new TestNode(Node.start(settings.on(port), KEY, store), ip, port);
  }

  /** A node, the first one is 1. */
  public TestNode node(int number) {
    return nodes.get(number - 1);
  }

  @Override
  public void close() {
    nodes.reversed().forEach(TestNode::close);
  }
}
