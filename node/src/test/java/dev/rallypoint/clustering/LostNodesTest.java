package dev.rallypoint.clustering;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of one node of three, as the clients of the other two see it. */
class LostNodesTest {
  /** So many of each kind that entities are on all nodes. */
  private static final int PEERS = 6;

  @TempDir Path data;

  @Test
  void haveThePeersOfTheOthersFoundAllTheTimeAndTheirOwnOnceTheyComeBack() {
    try (TestCluster cluster = cluster();
        UdpClient beating = cluster.node(2).udp().registered("heartbeat");
        UdpClient lost = cluster.node(3).udp().registered("homeless")) {
      Map<String, Target> targets = targets(cluster);

      cluster.kill(3);

      Set<String> outcomes =
          reachAll(cluster, targets, beating, () -> cluster.membersSeenBy(1) == 2);
      outcomes.addAll(reachAll(cluster, targets, beating, () -> true));
      assertThat(outcomes).containsExactly("reached");
      try (UdpClient homecoming = cluster.node(2).udp()) {
        await()
            .atMost(ofSeconds(20))
            .until(() ->
                homecoming
                    .send(UdpClient.beatOf("homeless"))
                    .receiveWithin(3_000)
                    .filter(answer -> !answer.getRegisterPeerResponse().getRequestPk())
                    .isPresent());
        assertThat(requests(cluster).reach(Target.of(homecoming), "homeless")).isEqualTo("reached");
      }
      targets.values().forEach(Target::close);
    }
  }

  @Test
  void costNobodyAnAttemptWhenTheyLeaveInGoodOrder() {
    try (TestCluster cluster = cluster();
        UdpClient beating = cluster.node(2).udp().registered("heartbeat")) {
      Map<String, Target> targets = targets(cluster);

      CompletableFuture<Void> leaving = CompletableFuture.runAsync(() -> cluster.node(3).close());

      Set<String> outcomes = reachAll(cluster, targets, beating, leaving::isDone);
      outcomes.addAll(reachAll(cluster, targets, beating, () -> true));
      assertThat(outcomes).containsExactly("reached");
      targets.values().forEach(Target::close);
    }
  }

  private TestCluster cluster() {
    return TestCluster.of(
        3, data, new MemoryPeerStore(), settings -> settings.offlineAfter(ofSeconds(120)));
  }

  /** Peers at home on the second node, by all ways. */
  private static Map<String, Target> targets(TestCluster cluster) {
    Map<String, Target> targets = new LinkedHashMap<>();
    for (Target.Way way : Target.Way.values()) {
      for (int i = 0; i < PEERS; i++) {
        String id = "peer-" + way.name() + "-" + i;
        targets.put(id, way.register(cluster.node(2), id));
      }
    }
    return targets;
  }

  private static Requests requests(TestCluster cluster) {
    return new Requests(cluster.node(1), cluster.node(2));
  }

  /** Reaches all peers, one after the other, round by round until the end; gives all outcomes. */
  private static Set<String> reachAll(
      TestCluster cluster, Map<String, Target> targets, UdpClient beating, BooleanSupplier end) {
    Set<String> outcomes = new TreeSet<>();
    do {
      targets.forEach((id, target) -> {
        outcomes.add(requests(cluster).reach(target, id));
        assertThat(beating.beat("heartbeat")).isFalse();
      });
    } while (!end.getAsBoolean());
    return outcomes;
  }
}
