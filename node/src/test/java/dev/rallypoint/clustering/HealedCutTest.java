package dev.rallypoint.clustering;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealedCutTest {
  private static final List<String> IDS =
      IntStream.range(0, 9).mapToObj(i -> "wanderer-" + i).toList();
  @TempDir Path data;

  @Test
  void hasOneAnswerForPeersThatMovedFromTheNodeThatWasCutOff() {
    try (TestCluster cluster = TestCluster.patient(3, data)) {
      try (UdpClient before = cluster.node(2).udp()) {
        IDS.forEach(before::registered);
      }
      Map<String, UdpClient> after = new LinkedHashMap<>();
      IDS.forEach(id -> after.put(id, cluster.node(3).udp()));

      cluster.isolate(2);
      after.forEach((id, peer) -> peer.send(UdpClient.beatOf(id)));
      await().atMost(ofSeconds(60)).until(() -> cluster.unreachableBy(1) == 1);
      cluster.heal();

      after.forEach((id, peer) -> await().atMost(ofSeconds(60)).until(() -> isTaken(peer, id)));
      after.forEach((id, peer) -> {
        try (Target target = Target.of(peer)) {
          for (int node = 1; node <= 3; node++) {
            assertThat(new Requests(cluster.node(node), cluster.node(1)).reach(target, id))
                .as("asked at node %d", node)
                .isEqualTo("reached");
          }
        }
      });
    }
  }

  /**
   * A heartbeat as clients send it, and the key when that is asked for; an answer that came to an
   * earlier one counts as well.
   */
  private static boolean isTaken(UdpClient peer, String id) {
    RendezvousMessage answer =
        peer.send(UdpClient.beatOf(id))
            .receiveWithin(3_000)
            .orElse(RendezvousMessage.getDefaultInstance());
    if (answer.getRegisterPeerResponse().getRequestPk()) {
      peer.send(UdpClient.claimOf(id, "uuid of " + id, id.hashCode()));
    }
    return answer.hasRegisterPeerResponse() && !answer.getRegisterPeerResponse().getRequestPk();
  }
}
