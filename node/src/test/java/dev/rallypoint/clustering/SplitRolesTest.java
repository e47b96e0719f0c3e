package dev.rallypoint.clustering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.NodeRole;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that serve peers and two that only relay. */
class SplitRolesTest {
  /** So many that entities were on all nodes if they were on relays. */
  private static final int PEERS = 16;

  @TempDir Path data;

  @Test
  void loseARelayWithoutLosingSightOfAPeerAndTakeNewOnesAllTheTime() {
    try (TestCluster cluster = TestCluster.ofEach(4, data, SplitRolesTest::split)) {
      Requests requests = new Requests(cluster.node(1), cluster.node(2));
      Map<String, Target> targets = new LinkedHashMap<>();
      register(targets, cluster.node(2), "known-");
      assertThat(relayed(cluster.node(3), cluster.node(4))).isEqualTo("a frame");

      cluster.kill(4);

      register(targets, cluster.node(2), "newcomer-");
      Set<String> outcomes = new TreeSet<>();
      boolean isRemoved;
      do {
        isRemoved = cluster.membersSeenBy(1) == 3;
        targets.forEach((id, target) -> outcomes.add(requests.reach(target, id)));
      } while (!isRemoved);
      assertThat(outcomes).containsExactly("reached");
      assertThat(relayed(cluster.node(3), cluster.node(3))).isEqualTo("a frame");
      targets.values().forEach(Target::close);
    }
  }

  private static void register(Map<String, Target> targets, TestNode node, String name) {
    for (int i = 0; i < PEERS; i++) {
      targets.put(name + i, Target.Way.UDP.register(node, name + i));
    }
  }

  private static TestSettings split(TestSettings settings, int number) {
    return settings
        .offlineAfter(ofSeconds(120))
        .roles(number <= 2 ? NodeRole.RENDEZVOUS : NodeRole.RELAY);
  }

  /** What the second one of two legs hears that the first one said. */
  private static String relayed(TestNode first, TestNode second) {
    try (TcpClient one = first.relay();
        TcpClient other = second.relay()) {
      RequestRelay.Builder request =
          RequestRelay.newBuilder()
              .setUuid("a-session-of-" + one.address())
              .setLicenceKey(first.key().text());
      one.send(RendezvousMessage.newBuilder().setRequestRelay(request).build());
      request.setId("the-target"); // only who controls names it
      other.send(RendezvousMessage.newBuilder().setRequestRelay(request).build());
      one.sendFrame("a frame".getBytes(UTF_8));
      return new String(other.receiveFrame(), UTF_8);
    }
  }
}
