package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.relay;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.rendezvous.Messages.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RequestRelay has no access key: a stranger without the key sends a target to a relay. */
class UnadmittedRelayTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_457_300);
  @TempDir static Path data;
  private static TestNode node;
  private static TestNode named;

  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
    named = TestNode.start(TestSettings.in(data.resolve("b")).relayServers("relay.test"));
  }

  @AfterAll
  static void stop() {
    node.close();
    named.close();
  }

  private enum Way {
    TCP,
    SECURED,
    WEB_SOCKET;

    FrameClient connect() {
      return switch (this) {
        case TCP -> node.control().plain();
        case SECURED -> node.control().secured(node.key());
        case WEB_SOCKET -> node.webSocket();
      };
    }
  }

  private RendezvousMessage relayBy(String name) {
    return RendezvousMessage.newBuilder().setRequestRelay(relay(id).setRelayServer(name)).build();
  }

  /** A punch request from an ip that is answered, with the relay of the target. */
  private void meet(TestNode at, String ip, UdpClient target) {
    try (TcpClient requester = TcpClient.from(ip, at.port()).plain();
        TcpClient answer = at.control()) {
      requester.send(punch(request(at.key(), id)));
      answer.send(sent(id, target.receive()));
      assertThat(requester.receive().getPunchHoleResponse().getRelayServer())
          .isEqualTo("relay.of.b");
    }
  }

  private static String refusal(FrameClient client) {
    return client.receive().getRelayResponse().getRefuseReason();
  }

  @ParameterizedTest
  @EnumSource
  void isRefusedAndNotHeardByTheTarget(Way way) {
    try (UdpClient target = node.udp().registered(id);
        FrameClient stranger = way.connect()) {
      long before = node.counters().of(DropReason.REQUEST_UNADMITTED);

      assertThat(refusal(stranger.send(relayBy("evil.test")))).isNotEmpty();

      assertThat(node.counters().of(DropReason.REQUEST_UNADMITTED)).isEqualTo(before + 1);
      assertThat(target.nothingElseCame()).isTrue();
    }
  }

  @Test
  void isRefusedAfterAPunchRequestWithAWrongKey() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient stranger = node.control().plain()) {
      stranger.send(punch(request(node.key(), id).setLicenceKey("wrong")));
      assertThat(stranger.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.LICENSE_MISMATCH);

      assertThat(refusal(stranger.send(relayBy("evil.test")))).isNotEmpty();

      assertThat(target.nothingElseCame()).isTrue();
    }
  }

  /** A text with one of these words keeps the client from trying again by itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "offline",
        "not exist",
        "handshake",
        "failed",
        "resolve",
        "mismatch",
        "manually",
        "restricted",
        "incoming only",
        "not allowed"
      })
  void isRefusedInWordsAfterWhichAClientTriesAgain(String word) {
    try (TcpClient stranger = node.control().plain()) {
      assertThat(refusal(stranger.send(relayBy("")))).doesNotContainIgnoringCase(word);
    }
  }

  @Test
  void tellsAStrangerNothingOfWhichIdsThereAre() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient stranger = node.control().plain()) {
      String known = refusal(stranger.send(relayBy("evil.test")));

      stranger.send(RendezvousMessage.newBuilder().setRequestRelay(relay("404404404")).build());

      assertThat(refusal(stranger)).isEqualTo(known);
      assertThat(target.nothingElseCame()).isTrue();
    }
  }

  @Test
  void isPassedOnAfterAnAdmittedPunchRequest() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      meet(node, "127.0.0.1", target);

      requester.send(relayBy("relay.of.b"));

      assertThat(target.receive().getRequestRelay().getRelayServer()).isEqualTo("relay.of.b");
    }
  }

  @Test
  void isPassedOnFromTheClientsOtherAddress() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = TcpClient.from("127.0.0.5", node.port()).plain()) {
      meet(node, "127.0.0.4", target);

      requester.send(relayBy("relay.of.b"));

      assertThat(target.receive().getRequestRelay().getRelayServer()).isEqualTo("relay.of.b");
    }
  }

  @Test
  void isPassedOnByWebSocket() {
    try (UdpClient target = node.udp().registered(id);
        WsClient requester = node.webSocket();
        WsClient again = node.webSocket()) {
      requester.send(punch(request(node.key(), id)));
      assertThat(target.receive().hasPunchHole()).isTrue();

      again.send(relayBy(""));

      assertThat(target.receive().hasRequestRelay()).isTrue();
    }
  }

  @Test
  void isPassedOnWithARelayOfOurs() {
    try (UdpClient target = named.udp().registered(id);
        TcpClient requester = named.control().plain()) {
      requester.send(punch(request(named.key(), id)));
      target.receive();

      requester.send(relayBy("relay.test"));

      assertThat(target.receive().getRequestRelay().getRelayServer()).isEqualTo("relay.test");
    }
  }

  @Test
  void sendsTheTargetToOurRelayInPlaceOfOneThatNobodyNamed() {
    try (UdpClient target = named.udp().registered(id);
        TcpClient requester = named.control().plain()) {
      requester.send(punch(request(named.key(), id)));
      target.receive();

      requester.send(relayBy("evil.test"));

      RequestRelay asked = target.receive().getRequestRelay();
      assertThat(asked.getRelayServer()).isEqualTo("relay.test");
      assertThat(asked.getUuid()).isEqualTo("a-uuid");
    }
  }

  @Test
  void isRefusedWithARelayThatNobodyNamedWhereThereIsNoneOfOurs() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      target.receive();

      assertThat(refusal(requester.send(relayBy("evil.test")))).isNotEmpty();

      assertThat(target.nothingElseCame()).isTrue();
    }
  }
}
