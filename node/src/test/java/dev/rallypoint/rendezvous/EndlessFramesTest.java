package dev.rallypoint.rendezvous;

import static dev.rallypoint.testing.FrameClient.NAT_TEST;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.FramePace;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of every kind that send cheap frames without end, and clients that look alike. */
class EndlessFramesTest {
  private static final byte[] EMPTY = {};
  private static final int UNANSWERED = 50;
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")).keepAlive(Duration.ofSeconds(3)));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  enum Kind {
    NAT_TEST_PORT(() -> node.natTest()),
    PLAIN(() -> node.control().plain()),
    ENCRYPTED(() -> node.control().secured(node.key())),
    WEB_SOCKET(() -> node.webSocket());

    private final Supplier<FrameClient> client;

    Kind(Supplier<FrameClient> client) {
      this.client = client;
    }

    FrameClient connect() {
      return client.get();
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersAllNatTestsButNotFasterThanThePace(Kind kind) {
    long before = node.counters().of(Event.CONNECTIONS_PAUSED);
    try (FrameClient client = kind.connect()) {
      int sent = 0;
      for (; node.counters().of(Event.CONNECTIONS_PAUSED) == before; sent++) {
        client.send(NAT_TEST);
        if (sent >= UNANSWERED) {
          assertThat(client.receive().hasTestNatResponse()).isTrue();
        }
      }
      assertThat(sent).isGreaterThan(FramePace.BURST);
      for (int i = 0; i < UNANSWERED; i++) {
        assertThat(client.receive().hasTestNatResponse()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesAConnectionThatSendsOnlyEmptyFrames(Kind kind) {
    long before = node.counters().of(DropReason.CONNECTION_USELESS);
    try (FrameClient client = kind.connect()) {
      for (int i = 0; i <= ConnectionContext.MOST_DROPPED; i++) {
        client.sendFrame(EMPTY);
      }
      assertThat(client.receiveFrame()).isNull();
      assertThat(node.counters().of(DropReason.CONNECTION_USELESS)).isEqualTo(before + 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsAConnectionThatSendsSomethingElseBetweenEmptyFrames(Kind kind) {
    try (FrameClient client = kind.connect()) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < ConnectionContext.MOST_DROPPED; i++) {
          client.sendFrame(EMPTY);
        }
        assertThat(client.nothingElseCame()).isTrue();
      }
    }
  }

  @Test
  void closesALinkThatSendsHeartbeatsWithoutEnd() {
    try (TcpClient link = node.control().secured(node.key())) {
      link.send(UdpClient.claimOf("224000001", "uuid", 1));
      assertThat(link.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      link.sendRaw(new byte[2 * ConnectionContext.MOST_DROPPED]); // empty frames, in one write

      byte[] last = link.receiveFrame();
      while (last != null) {
        last = link.receiveFrame(); // heartbeats that were under way
      }
    }
  }

  @Test
  void answersAnAddressBookOfFiveThousandIdsAtOnce() {
    OnlineRequest.Builder book = OnlineRequest.newBuilder().setId("me");
    IntStream.range(0, 5_000).forEach(i -> book.addPeers(Integer.toString(225_000_000 + i)));
    try (TcpClient client = node.natTest()) {
      ByteString states =
          client
              .send(RendezvousMessage.newBuilder().setOnlineRequest(book).build())
              .receive()
              .getOnlineResponse()
              .getStates();

      assertThat(states.size()).isEqualTo(625);
    }
  }

  @Test
  void answersManyQuickPunchesOfOneClient() {
    long paused = node.counters().of(Event.CONNECTIONS_PAUSED);
    for (int i = 0; i < 200; i++) {
      try (TcpClient client = node.control().plain()) {
        assertThat(
                client
                    .send(Messages.punch(Messages.request(node.key(), "226000000")))
                    .receive()
                    .getPunchHoleResponse()
                    .getFailure())
            .isEqualTo(Failure.ID_NOT_EXIST);
      }
    }
    assertThat(node.counters().of(Event.CONNECTIONS_PAUSED)).isEqualTo(paused);
  }

  @Test
  void keepsALinkThatAnswersItsHeartbeats() {
    try (TcpClient tcp = node.control().secured(node.key());
        WsClient webSocket = node.webSocket()) {
      tcp.send(UdpClient.claimOf("224000002", "uuid", 2));
      webSocket.send(UdpClient.claimOf("224000003", "uuid", 3));
      assertThat(tcp.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      assertThat(webSocket.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      for (int beat = 0; beat < 5; beat++) {
        assertThat(tcp.receiveFrame()).isEmpty();
        tcp.sendRaw(new byte[] {0});
        assertThat(webSocket.receiveFrame()).isEmpty();
        webSocket.sendFrame(EMPTY);
      }
    }
  }
}
