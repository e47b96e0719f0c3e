package dev.rallypoint.forming;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeavingTest {
  private static final RendezvousMessage BEAT = UdpClient.beatOf("123456789");

  @TempDir Path data;

  private static RendezvousMessage request(TestNode node) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder().setId("123456789").setLicenceKey(node.key().text()))
        .build();
  }

  @Test
  void reachesPeersOfALeavingNodeUntilTheyHaveMoved() {
    try (TestCluster cluster = TestCluster.of(2, data)) {
      TestNode leaving = cluster.node(1);
      TestNode staying = cluster.node(2);
      try (UdpClient before = leaving.udp().registered("123456789");
          UdpClient after = staying.udp()) {
        CompletableFuture<Void> left = CompletableFuture.runAsync(leaving::close);
        await()
            .atMost(ofSeconds(10))
            .until(() -> {
              before.send(BEAT);
              return leaving.counters().of(DropReason.NODE_LEAVING) > 0;
            });
        await()
            .atMost(ofSeconds(10))
            .untilAsserted(() -> assertThatThrownBy(leaving::natTest).isNotNull());
        try (TcpClient requester = staying.control().secured(staying.key())) {
          requester.send(request(staying));
          await().atMost(ofSeconds(10)).until(() -> before.receive().hasFetchLocalAddr());
        }

        after.send(BEAT);
        assertThat(after.receive().hasRegisterPeerResponse()).isTrue();
        left.join();

        try (TcpClient requester = staying.control().secured(staying.key())) {
          requester.send(request(staying));
          assertThat(after.receive().hasFetchLocalAddr()).isTrue();
        }
        await().atMost(ofSeconds(20)).until(() -> cluster.membersSeenBy(2) == 1);
      }
    }
  }
}
