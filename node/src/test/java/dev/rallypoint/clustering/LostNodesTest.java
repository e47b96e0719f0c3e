package dev.rallypoint.clustering;

import static dev.rallypoint.clustering.Calls.punch;
import static dev.rallypoint.clustering.Calls.sent;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.cluster.MemberLog;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.LogLines;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of one node of three, as the clients of the other two see it. */
class LostNodesTest {
  /** So many of each kind that entities are on all nodes. */
  private static final int PEERS = 6;

  @TempDir Path data;

  @Test
  void haveThePeersOfTheOthersFoundAllTheTimeAndTheirOwnOnceTheyComeBack() {
    try (LogLines log = new LogLines(MemberLog.class);
        TestCluster cluster = cluster();
        UdpClient beating = cluster.node(2).udp().registered("heartbeat");
        UdpClient lost = cluster.node(3).udp().registered("homeless")) {
      Map<String, Target> targets = targets(cluster);
      Map<TcpClient, RendezvousMessage> waiting = asking(cluster, targets);

      cluster.kill(3);

      answerAll(cluster, targets, waiting);
      Set<String> outcomes =
          reachAll(cluster, targets, beating, () -> cluster.membersSeenBy(1) == 2);
      outcomes.addAll(reachAll(cluster, targets, beating, () -> true));
      assertThat(outcomes).containsExactly("reached");
      assertThat(cluster.node(1).counters().of(Event.PEERS_FOUND_BY_LEASE)).isPositive();
      try (UdpClient homecoming = cluster.node(2).udp()) {
        await()
            .atMost(ofSeconds(60))
            .until(() ->
                homecoming
                    .send(UdpClient.beatOf("homeless"))
                    .receiveWithin(3_000)
                    .filter(answer -> !answer.getRegisterPeerResponse().getRequestPk())
                    .isPresent());
        assertThat(requests(cluster).reach(Target.of(homecoming), "homeless")).isEqualTo("reached");
      }
      await().atMost(ofSeconds(60)).until(() -> announced(cluster) >= targets.size());
      assertThat(linesAbout(cluster.node(3), log))
          .contains("cannot be reached", "is lost: this side goes on (2 of 3)");
      targets.values().forEach(Target::close);
    }
  }

  @Test
  void costNobodyAnAttemptWhenTheyLeaveInGoodOrder() {
    try (LogLines log = new LogLines(MemberLog.class);
        TestCluster cluster = cluster();
        UdpClient beating = cluster.node(2).udp().registered("heartbeat")) {
      Map<String, Target> targets = targets(cluster);

      CompletableFuture<Void> leaving = CompletableFuture.runAsync(() -> cluster.node(3).close());

      Set<String> outcomes = reachAll(cluster, targets, beating, leaving::isDone);
      outcomes.addAll(reachAll(cluster, targets, beating, () -> true));
      assertThat(outcomes).containsExactly("reached");
      await().until(() -> announced(cluster) > 0);
      await()
          .untilAsserted(() ->
              assertThat(linesAbout(cluster.node(3), log)).contains("leaves", "has left: 2 nodes"));
      assertThat(log.all())
          .anyMatch(line -> line.endsWith(" is in the cluster: 3 nodes"))
          .noneMatch(line -> line.contains("cannot be reached"))
          .noneMatch(line -> line.endsWith("has left: 1 node")); // nor by the one that has left
      targets.values().forEach(Target::close);
    }
  }

  /** What is said of a node, without the name of the node. */
  private static Set<String> linesAbout(TestNode node, LogLines log) {
    String name = "node " + node.ip() + ":";
    return log.all().stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(") ") + 2))
        .collect(Collectors.toSet());
  }

  private TestCluster cluster() {
    return TestCluster.of(3, data, settings -> settings.offlineAfter(ofSeconds(120)));
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

  /** Requesters whose targets were told of them and have not answered yet. */
  private static Map<TcpClient, RendezvousMessage> asking(
      TestCluster cluster, Map<String, Target> targets) {
    Map<TcpClient, RendezvousMessage> requesters = new LinkedHashMap<>();
    targets.forEach((id, target) -> {
      TcpClient requester = cluster.node(1).control().plain();
      requester.send(punch(cluster.node(1), id));
      requesters.put(requester, target.push());
    });
    return requesters;
  }

  private static void answerAll(
      TestCluster cluster,
      Map<String, Target> targets,
      Map<TcpClient, RendezvousMessage> requesters) {
    Iterator<Map.Entry<TcpClient, RendezvousMessage>> next = requesters.entrySet().iterator();
    targets.forEach((id, target) -> {
      Map.Entry<TcpClient, RendezvousMessage> asked = next.next();
      try (TcpClient requester = asked.getKey();
          TcpClient answer = cluster.node(2).control()) {
        answer.send(sent(id, asked.getValue()));
        assertThat(requester.receive().getPunchHoleResponse().getSocketAddr().isEmpty()).isFalse();
      }
    });
  }

  private static long announced(TestCluster cluster) {
    return cluster.node(2).counters().of(Hop.ANNOUNCE);
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
