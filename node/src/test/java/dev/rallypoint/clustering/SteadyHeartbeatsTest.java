package dev.rallypoint.clustering;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SteadyHeartbeatsTest {
  private static final int NODES = 3;
  private static final int PEERS = 100;
  private static final int ROUNDS = 10;
  private static final int LINKS = 5;
  @TempDir Path data;

  @Test
  void areAnsweredAtHomeWithoutAMessageBetweenNodes() {
    try (TestCluster cluster =
        TestCluster.of(NODES, data, settings -> settings.offlineAfter(ofSeconds(120)))) {
      List<UdpClient> sockets =
          IntStream.rangeClosed(1, NODES).mapToObj(i -> cluster.node(i).udp()).toList();
      ids(0).forEach(id -> sockets.get(0).registered(id));
      ids(1).forEach(id -> sockets.get(1).registered(id));
      ids(2).forEach(id -> sockets.get(2).registered(id));
      Map<Hop, Long> before = hops(cluster);

      for (int round = 0; round < ROUNDS; round++) {
        for (int node = 0; node < NODES; node++) {
          UdpClient socket = sockets.get(node);
          ids(node).forEach(id -> socket.send(UdpClient.beatOf(id)));
          ids(node).forEach(id -> assertThat(wantsKey(socket)).isFalse());
        }
      }

      assertThat(hops(cluster)).isEqualTo(before);
      assertThat(sum(cluster, node -> node.counters().of(Event.HEARTBEATS_FROM_LEASE)))
          .isEqualTo((long) NODES * PEERS * ROUNDS);
      sockets.forEach(UdpClient::close);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Target.Way.class,
      names = {"TCP", "WEB_SOCKET"})
  void ofLinksSendNoMessageBetweenNodes(Target.Way way) {
    try (TestCluster cluster =
        TestCluster.of(NODES, data, settings -> settings.keepAlive(ofSeconds(3)))) {
      List<Target> links =
          IntStream.rangeClosed(1, NODES)
              .boxed()
              .flatMap(node ->
                  ids(node - 1).stream()
                      .limit(LINKS)
                      .map(id -> way.register(cluster.node(node), id)))
              .toList();
      Map<Hop, Long> before = hops(cluster);
      int beats = links.stream().mapToInt(Target::beats).sum();

      await()
          .atMost(ofSeconds(60))
          .until(() -> links.stream().mapToInt(Target::beats).sum() >= beats + links.size() * 3);

      assertThat(hops(cluster)).isEqualTo(before);
      links.forEach(Target::close);
    }
  }

  private static boolean wantsKey(UdpClient socket) {
    return socket.receive().getRegisterPeerResponse().getRequestPk();
  }

  private static List<String> ids(int node) {
    return IntStream.range(0, PEERS).mapToObj(i -> "steady" + node + "-" + i).toList();
  }

  private static Map<Hop, Long> hops(TestCluster cluster) {
    return Arrays.stream(Hop.values())
        .collect(
            Collectors.toMap(kind -> kind, kind -> sum(cluster, node -> node.counters().of(kind))));
  }

  private static long sum(TestCluster cluster, ToLongFunction<TestNode> figure) {
    return IntStream.rangeClosed(1, NODES).mapToObj(cluster::node).mapToLong(figure).sum();
  }
}
