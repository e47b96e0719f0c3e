package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 300 clients behind one address, 20 of them by WebSocket, that all restart at once. */
class OfficeRestartTest {
  private static final int CLIENTS = 300;
  private static final int WEB_SOCKETS = 20;

  /** As many places as a process has with 4,096 descriptors. */
  private static final int PLACES = 1_532;

  private static final RendezvousMessage NAT_TEST =
      RendezvousMessage.newBuilder().setTestNatRequest(TestNatRequest.newBuilder()).build();

  @TempDir Path data;

  @Test
  void areAllServedTwice() {
    try (TestNode node = TestNode.start(TestSettings.in(data).connections(10_000, PLACES))) {
      for (int round = 0; round < 2; round++) {
        List<FrameClient> links = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          natTest(node);
          links.add(link(node, i));
        }
        for (int i = 0; i < CLIENTS; i++) {
          assertThat(links.get(i).receive().getRegisterPkResponse().getResult())
              .isEqualTo(Result.OK);
        }
        links.forEach(FrameClient::close);
      }
      assertThat(node.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isZero();
      assertThat(node.counters().of(DropReason.CONNECTION_TOTAL)).isZero();
      assertThat(node.counters().of(DropReason.CONNECTION_EVICTED)).isZero();
    }
  }

  private static void natTest(TestNode node) {
    try (TcpClient client = node.natTest()) {
      assertThat(client.send(NAT_TEST).receive().hasTestNatResponse()).isTrue();
    }
  }

  private static FrameClient link(TestNode node, int number) {
    FrameClient link = number < WEB_SOCKETS ? node.webSocket() : node.control().secured(node.key());
    String id = Integer.toString(880_000_000 + number);
    link.send(UdpClient.claimOf(id, "uuid of " + id, number));
    return link;
  }
}
