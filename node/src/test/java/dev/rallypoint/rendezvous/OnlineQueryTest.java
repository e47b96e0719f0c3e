package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.message.OnlineStates;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Online queries of address books, and of somebody who goes through all ids. */
class OnlineQueryTest {
  @TempDir Path data;

  private static RendezvousMessage query(int first, int ids) {
    OnlineRequest.Builder request = OnlineRequest.newBuilder().setId("123456789");
    IntStream.range(first, first + ids).forEach(id -> request.addPeers(String.valueOf(id)));
    return RendezvousMessage.newBuilder().setOnlineRequest(request).build();
  }

  private static boolean isAnswered(FrameClient client, int first, int ids) {
    client.send(query(first, ids));
    byte[] frame = client.receiveFrame();
    return frame != null;
  }

  @Test
  void answersAnAddressBookOfFiveThousandTimeAndAgain() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient online = node.udp().registered("100000007")) {
      for (int poll = 0; poll < 10; poll++) { // a minute of polls, every six seconds
        try (TcpClient client = node.natTest()) {
          client.send(query(100_000_000, 5_000));
          assertThat(OnlineStates.isOnline(client.receive().getOnlineResponse().getStates(), 7))
              .isTrue();
        }
      }
      assertThat(node.counters().of(DropReason.ONLINE_QUERY_TOO_FREQUENT)).isZero();
    }
  }

  @Test
  void isSilentToSomebodyWhoGoesThroughAllIdsAndAnswersOthers() {
    try (TestNode node = TestNode.start(TestSettings.in(data))) {
      int answered = 0;
      for (int i = 0; i < 30; i++) {
        try (TcpClient client = TcpClient.from("127.0.0.9", node.port() - 1)) {
          answered += isAnswered(client, 100_000_000 + i * 5_000, 5_000) ? 5_000 : 0;
        }
      }

      assertThat(answered).isBetween(60_000, 145_000);
      assertThat(node.counters().of(DropReason.ONLINE_QUERY_TOO_FREQUENT)).isPositive();
      try (TcpClient other = node.natTest()) {
        assertThat(isAnswered(other, 100_000_000, 5_000)).isTrue();
      }
    }
  }

  @Test
  void countsQueriesByWebSocketToo() {
    try (TestNode node = TestNode.start(TestSettings.in(data).onlineIdsPerMinute(100));
        WsClient client = node.webSocket();
        TcpClient tcp = node.natTest()) {
      assertThat(isAnswered(client, 100_000_000, 100)).isTrue();

      assertThat(isAnswered(tcp, 100_000_000, 100)).isFalse();
    }
  }

  @Test
  void keepsARegistrationOpenWhoseQueriesItLeavesUnanswered() {
    try (TestNode node = TestNode.start(TestSettings.in(data).onlineIdsPerMinute(100));
        WsClient device = node.webSocket()) {
      device.send(UdpClient.claimOf("123456789", "a machine", 7));
      device.receive();
      isAnswered(device, 100_000_000, 100);

      device.send(query(100_000_000, 100)).send(UdpClient.claimOf("123456789", "a machine", 7));

      assertThat(device.receive().hasRegisterPkResponse()).isTrue();
    }
  }

  @Test
  void answersAnExemptNetworkWithoutEnd() {
    try (TestNode node =
        TestNode.start(TestSettings.in(data).onlineIdsPerMinute(100).exempt("127.0.0.0/8"))) {
      for (int i = 0; i < 20; i++) {
        try (TcpClient client = node.natTest()) {
          assertThat(isAnswered(client, 100_000_000, 1_000)).isTrue();
        }
      }
    }
  }
}
