package dev.rallypoint.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.testing.PlantedFaults;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A node of a cluster that ends because a part of it failed, and the other one. */
class BrokenNodeTest {
  @RegisterExtension final PlantedFaults planted = new PlantedFaults(VitalPart.class);
  @TempDir private Path data;

  @Test
  void endsAndTheOtherNodeServesItsPeers() {
    try (TestCluster cluster = TestCluster.of(2, data)) {
      TestNode broken = cluster.node(1);
      TestNode other = cluster.node(2);
      try (UdpClient before = broken.udp().registered("440000001");
          UdpClient after = other.udp()) {
        Adapter.toClassic(broken.system())
            .actorSelection("/system/registrar")
            .tell("poison", ActorRef.noSender());
        broken.awaitTermination();

        assertThat(VitalPart.failure(broken.system())).isPresent();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> after.registered("440000001"));
        assertThat(before.address()).isNotEqualTo(after.address());
      }
      assertThat(cluster.isRunning(2)).isTrue();
    }
  }
}
