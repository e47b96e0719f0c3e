package dev.rallypoint.bootstrap;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
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
            .atMost(ofSeconds(60))
            .until(() -> {
              before.send(BEAT);
              return leaving.counters().of(DropReason.NODE_LEAVING) > 0;
            });
        await()
            .atMost(ofSeconds(60))
            .untilAsserted(() -> assertThatThrownBy(leaving::natTest).isNotNull());
        try (TcpClient requester = staying.control().secured(staying.key())) {
          requester.send(request(staying));
          await().atMost(ofSeconds(60)).until(() -> before.receive().hasFetchLocalAddr());
        }

        after.beatAndProve("123456789");
        left.join();

        try (TcpClient requester = staying.control().secured(staying.key())) {
          requester.send(request(staying));
          assertThat(after.receive().hasFetchLocalAddr()).isTrue();
        }
        await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(2) == 1);
      }
    }
  }

  @Test
  void stillBringsTheAnswerToARequesterThatAskedBeforeItLeaves() {
    try (TestCluster cluster =
            TestCluster.of(
                2,
                data,
                settings -> settings.roles(NodeRole.RENDEZVOUS).drainWindow(ofSeconds(30)));
        UdpClient target = cluster.node(2).udp().registered("123456789");
        TcpClient requester = cluster.node(1).control().secured(cluster.node(1).key())) {
      TestNode leaving = cluster.node(1);
      requester.send(request(leaving));
      RendezvousMessage push = target.receive();
      assertThat(push.hasFetchLocalAddr()).isTrue();
      CompletableFuture<Void> left = CompletableFuture.runAsync(leaving::close);
      await().untilAsserted(() -> assertThatThrownBy(leaving::natTest).isNotNull());
      await().during(ofSeconds(2)).until(() -> cluster.membersSeenBy(2) == 2);

      try (TcpClient answer = cluster.node(2).control()) {
        answer.send(
            RendezvousMessage.newBuilder()
                .setPunchHoleSent(
                    PunchHoleSent.newBuilder()
                        .setSocketAddr(push.getFetchLocalAddr().getSocketAddr())
                        .setId("123456789")
                        .setVersion("1.4.9"))
                .build());
        assertThat(
                AddressMangler.decode(requester.receive().getPunchHoleResponse().getSocketAddr()))
            .isEqualTo(answer.address());
      }
      requester.close();
      assertThat(left).succeedsWithin(ofSeconds(60));
    }
  }

  private static void register(FrameClient link, String id) {
    link.send(UdpClient.claimOf(id, "uuid of " + id, id.hashCode()));
    assertThat(link.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
  }

  @Test
  void closesRegistrationLinksSoThatTheirPeersMoveBeforeItIsGone() {
    try (TestCluster cluster =
        TestCluster.of(2, data, settings -> settings.drainWindow(ofSeconds(40)))) {
      TestNode leaving = cluster.node(1);
      TestNode staying = cluster.node(2);
      // A peer that has not moved: the node waits for it, whatever becomes of the others.
      try (UdpClient last = leaving.udp().registered("123456789");
          UdpClient lastMoved = staying.udp();
          TcpClient byTcp = leaving.control().secured(leaving.key());
          WsClient byWebSocket = leaving.webSocket()) {
        register(byTcp, "223456789");
        register(byWebSocket, "323456789");
        CompletableFuture<Void> left = CompletableFuture.runAsync(leaving::close);

        assertThat(byTcp.receiveFrame()).isNull();
        assertThat(byWebSocket.receiveFrame()).isNull();
        assertThat(left).isNotDone();
        try (TcpClient tcpMoved = staying.control().secured(staying.key());
            WsClient webSocketMoved = staying.webSocket()) {
          register(tcpMoved, "223456789");
          register(webSocketMoved, "323456789");
          lastMoved.beatAndProve("123456789");
          // Well before the 30 s that peers are given at most.
          assertThat(left).succeedsWithin(ofSeconds(60));
        }
      }
    }
  }
}
