package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.proto.HealthCheck;
import dev.rallypoint.protocol.proto.HttpProxyRequest;
import dev.rallypoint.protocol.proto.HttpProxyResponse;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that clients keep open: registration links, HealthCheck links; and API calls. */
class PersistentLinksTest {
  private static final AtomicInteger NEXT = new AtomicInteger(223_456_000);
  private static final byte[] ECHO = {};
  @TempDir static Path data;
  private static TestNode node;

  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")).keepAlive(Duration.ofSeconds(3)));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static RendezvousMessage claim(String id) {
    return UdpClient.claimOf(id, "uuid of " + id, id.hashCode());
  }

  private boolean isOnline(String peer) {
    try (TcpClient asker = node.natTest()) {
      asker.send(
          RendezvousMessage.newBuilder()
              .setOnlineRequest(OnlineRequest.newBuilder().setId("me").addPeers(peer))
              .build());
      return asker.receive().getOnlineResponse().getStates().byteAt(0) != 0;
    }
  }

  private Failure dial(String target) {
    try (TcpClient requester = node.control().plain()) {
      return requester
          .send(punch(request(node.key(), target)))
          .receive()
          .getPunchHoleResponse()
          .getFailure();
    }
  }

  @Test
  void tellsALinkHowLongItMayBeSilent() {
    try (TcpClient peer = node.control().secured(node.key())) {
      RegisterPkResponse response = peer.send(claim(id)).receive().getRegisterPkResponse();

      assertThat(response.getResult()).isEqualTo(Result.OK);
      assertThat(response.getKeepAlive()).isEqualTo(3);
    }
  }

  @Test
  void pushesDownASecuredLink() {
    try (TcpClient peer = node.control().secured(node.key());
        TcpClient requester = node.control().plain()) {
      peer.send(claim(id)).receive();

      requester.send(punch(request(node.key(), id)));

      RendezvousMessage push = receivePush(peer);
      assertThat(AddressMangler.decode(push.getFetchLocalAddr().getSocketAddr()))
          .isEqualTo(requester.address());
    }
  }

  @Test
  void neverOffersAKeyExchangeOnAWebSocketAndAnswersItsOnlineQuery() {
    try (WsClient peer = node.webSocket();
        WsClient asker = node.webSocket()) {
      assertThat(peer.send(claim(id)).receive().getRegisterPkResponse().getResult())
          .isEqualTo(Result.OK);

      asker.send(
          RendezvousMessage.newBuilder()
              .setOnlineRequest(OnlineRequest.newBuilder().addPeers("nobody1").addPeers(id))
              .build());

      assertThat(asker.receive().getOnlineResponse().getStates().byteAt(0)).isEqualTo((byte) 0x40);
    }
  }

  @Test
  void keepsAnAnsweringLinkOnlineAndClosesASilentOne() {
    String other = Integer.toString(NEXT.incrementAndGet());
    long silent = node.counters().of(DropReason.LINK_SILENT);
    try (TcpClient answering = node.control().secured(node.key());
        TcpClient mute = node.control().secured(node.key())) {
      answering.send(claim(id)).receive();
      mute.send(claim(other)).receive();

      while (node.counters().of(DropReason.LINK_SILENT) == silent) {
        assertThat(answering.receiveFrame()).isEmpty();
        answering.sendFrame(ECHO);
      }

      assertThat(isOnline(id)).isTrue();
      await().until(() -> dial(other) == Failure.OFFLINE);
      while (mute.receiveFrame() != null) {
        // heartbeats that were on their way
      }
    }
  }

  @Test
  void losesThePeerWithItsLink() {
    try (WsClient peer = node.webSocket()) {
      peer.send(claim(id)).receive();
    }

    await().until(() -> dial(id) == Failure.OFFLINE);
    assertThat(isOnline(id)).isFalse();
  }

  @Test
  void movesALinkToAnotherId() {
    String other = Integer.toString(NEXT.incrementAndGet());
    try (WsClient peer = node.webSocket()) {
      peer.send(claim(id)).receive();

      assertThat(peer.send(claim(other)).receive().getRegisterPkResponse().getResult())
          .isEqualTo(Result.OK);

      await().until(() -> dial(id) == Failure.OFFLINE);
      assertThat(isOnline(other)).isTrue();
    }
  }

  @Test
  void answersTheEndlessRegisterPkOfOldClientsWithoutCountingIt() {
    long counted = node.counters().of(Event.REGISTRATIONS_ACCEPTED);
    try (TcpClient peer = node.control().secured(node.key())) {
      for (int i = 0; i < 50; i++) {
        peer.send(claim(id));
        assertThat(receivePush(peer).getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      }
    }

    assertThat(node.counters().of(Event.REGISTRATIONS_ACCEPTED) - counted).isLessThan(10);
  }

  @Test
  void followsAPeerFromUdpToTcpToWebSocketAndBack() {
    try (UdpClient udp = node.udp().registered(id);
        TcpClient tcp = node.control().secured(node.key());
        WsClient web = node.webSocket()) {
      tcp.send(claim(id)).receive();
      assertThat(pushOf(() -> receivePush(tcp))).isTrue();
      // Verdicts and pushes leave the UDP socket in their order.
      assertThat(udp.register("12345", "a machine", 1)).isEqualTo(Result.UUID_MISMATCH);
      web.send(claim(id)).receive();
      assertThat(pushOf(() -> receivePush(web))).isTrue();

      web.close();
      await().until(() -> !udp.beat(id));

      assertThat(pushOf(udp::receive)).isTrue();
    }
  }

  @Test
  void isNotMovedByTheEndOfAnOldLink() {
    try (WsClient web = node.webSocket()) {
      try (TcpClient tcp = node.control().secured(node.key())) {
        tcp.send(claim(id)).receive();
        web.send(claim(id)).receive();
      }
      long left = node.counters().of(Event.LINKS_LEFT);
      await().until(() -> node.counters().of(Event.LINKS_LEFT) >= left);

      assertThat(pushOf(() -> receivePush(web))).isTrue();
    }
  }

  @Test
  void keepsAHealthCheckLinkAliveAndClosesItWhenItIsSilent() {
    long silent = node.counters().of(DropReason.LINK_SILENT);
    try (TcpClient link = node.control().secured(node.key())) {
      link.send(
          RendezvousMessage.newBuilder()
              .setHc(HealthCheck.newBuilder().setToken("secret"))
              .build());

      int beats = 0;
      while (link.receiveFrame() != null) {
        beats++;
        if (beats <= 3) {
          link.sendFrame(ECHO);
        }
      }

      assertThat(beats).isEqualTo(5);
      assertThat(node.counters().of(DropReason.LINK_SILENT)).isGreaterThan(silent);
    }
  }

  @Test
  void answersALongApiCallWith404() {
    try (TcpClient client = node.control().secured(node.key())) {
      client.send(
          RendezvousMessage.newBuilder()
              .setHttpProxyRequest(
                  HttpProxyRequest.newBuilder()
                      .setMethod("POST")
                      .setPath("/api/ab")
                      .setBody(ByteString.copyFrom(TcpClient.bytes(500_000, 7))))
              .build());

      HttpProxyResponse response = client.receive().getHttpProxyResponse();
      assertThat(response.getStatus()).isEqualTo(404);
      assertThat(response.getError()).isEmpty();
      assertThat(response.getBody().toStringUtf8())
          .isEqualTo("{\"error\":\"this server has no API\"}");
    }
  }

  @Test
  void takesNothingElseThatIsLongOnASecuredLink() {
    long dropped = node.counters().of(DropReason.FRAME_TOO_LONG);
    try (TcpClient client = node.control().secured(node.key())) {
      client.send(
          RendezvousMessage.newBuilder()
              .setHc(HealthCheck.newBuilder().setToken("x".repeat(100_000)))
              .build());

      assertThat(client.receiveFrame()).isNull();
      assertThat(node.counters().of(DropReason.FRAME_TOO_LONG)).isEqualTo(dropped + 1);
    }
  }

  /** Whether a requester's call reaches the peer by this way. */
  private boolean pushOf(Supplier<RendezvousMessage> receive) {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      return receive.get().hasFetchLocalAddr();
    }
  }

  private static RendezvousMessage receivePush(TcpClient peer) {
    RendezvousMessage message = peer.receive();
    while (message.getUnionCase() == RendezvousMessage.UnionCase.UNION_NOT_SET) {
      peer.sendFrame(ECHO);
      message = peer.receive();
    }
    return message;
  }

  private static RendezvousMessage receivePush(WsClient peer) {
    RendezvousMessage message = Objects.requireNonNull(peer.receive());
    while (message.getUnionCase() == RendezvousMessage.UnionCase.UNION_NOT_SET) {
      peer.sendFrame(ECHO);
      message = peer.receive();
    }
    return message;
  }
}
