package dev.rallypoint.bootstrap;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.testing.TestPostgres;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that find each other at seed addresses. */
class SeedJoinTest {
  private final String url = TestPostgres.database();
  private final List<BareNode> nodes = new ArrayList<>();
  private final int port = ThreadLocalRandom.current().nextInt(33_000, 34_000);
  private final String network =
      "127."
          + ThreadLocalRandom.current().nextInt(1, 255)
          + "."
          + ThreadLocalRandom.current().nextInt(255)
          + ".";

  @AfterEach
  void end() {
    nodes.forEach(BareNode::kill);
  }

  private BareNode start(int number, int... seeds) {
    return start(number, BareNode.IDENTITY, seeds);
  }

  private BareNode start(int number, ClusterIdentity identity, int... seeds) {
    return BareNode.start(url, settings(identity.cluster(), number, seeds), identity);
  }

  private BareNode startImpatient(int number, int... seeds) {
    return BareNode.startImpatient(url, settings("rallypoint", number, seeds));
  }

  private ClusterSettings settings(String cluster, int number, int... seeds) {
    InetSocketAddress[] addresses =
        IntStream.of(seeds)
            .mapToObj(seed -> InetSocketAddress.createUnresolved(network + seed, port))
            .toArray(InetSocketAddress[]::new);
    return BareNode.settings(cluster, network + number, port, addresses);
  }

  private BareNode kept(BareNode node) {
    nodes.add(node);
    return node;
  }

  private void assertAreOneCluster() {
    await()
        .atMost(ofSeconds(60))
        .untilAsserted(() ->
            assertThat(nodes).allSatisfy(node -> assertThat(node.members()).hasSize(nodes.size())));
  }

  @Test
  void beginsWithTheFirstAndTakesTheOthersInWhoeverIsStartedFirst() {
    CompletableFuture<BareNode> second = CompletableFuture.supplyAsync(() -> start(2, 1, 2));
    CompletableFuture<BareNode> third = CompletableFuture.supplyAsync(() -> start(3, 1, 2));
    kept(start(1, 1, 2));
    kept(second.join());
    kept(third.join());
    assertAreOneCluster();
  }

  @Test
  void joinsTheOthersWhenTheFirstIsStartedAgain() {
    BareNode first = start(1, 1, 2);
    kept(start(2, 1, 2));
    first.close();
    kept(start(1, 1, 2));
    assertAreOneCluster();
  }

  @Test
  void beginsNoSecondClusterWhenTheFirstIsStartedAgainCutOffFromTheOthers() {
    BareNode first = start(1, 1, 2);
    BareNode second = kept(start(2, 1, 2));
    first.kill();
    second.cutOff(network + 1, port);
    assertThatThrownBy(() -> kept(startImpatient(1, 1, 2)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("cluster-host = " + network + "1:" + port)
        .hasMessageContaining("the node " + network + "2:" + port)
        .message()
        .hasLineCount(1);
    assertThat(second.system().getWhenTerminated().toCompletableFuture()).isNotDone();
  }

  @Test
  void saysInOneLineThatNobodyAnswersAtAWrongAddress() {
    assertThatThrownBy(() -> startImpatient(2, 1))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("cluster-host = " + network + "2:" + port)
        .hasMessageContaining("the node " + network + "1:" + port + " cannot be reached from here")
        .message()
        .hasLineCount(1);
  }

  @Test
  void saysInOneLineThatNobodyBeginsTheCluster() {
    // Each takes the other for the first, so both wait.
    CompletableFuture<BareNode> other = CompletableFuture.supplyAsync(() -> start(2, 3, 1));
    assertThatThrownBy(() -> start(1, 3, 2))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("waits too; start the first one, " + network + "3:" + port);
    assertThat(other).isNotNull();
    assertThatThrownBy(other::join).hasCauseInstanceOf(SettingException.class);
  }

  @Test
  void refusesANodeThatHasAnotherDatabase() {
    kept(start(1, 1));
    assertThatThrownBy(() ->
            BareNode.start(
                TestPostgres.database(), settings("rallypoint", 2, 1), BareNode.IDENTITY))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("db-url = the database ")
        .hasMessageContaining("the node " + network + "1:" + port + " has another database")
        .hasMessageNotContaining("s3cret")
        .message()
        .hasLineCount(1);
  }

  @Test
  void refusesAnotherClustersName() {
    kept(start(1, 1));
    assertThatThrownBy(() -> start(2, ClusterIdentity.of("other", Optional.of("key"), "key"), 1))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "cluster-name = other: the node "
                + network
                + "1:"
                + port
                + " is of the cluster rallypoint; write the same name on all nodes");
  }
}
