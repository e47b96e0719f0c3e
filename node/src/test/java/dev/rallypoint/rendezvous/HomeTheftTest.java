package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A stranger who has a socket behind a peer's own ip, or forges a datagram from there, and the
 * peers whose port changes.
 */
class HomeTheftTest {
  private static final AtomicInteger NEXT = new AtomicInteger(523_456_000);
  @TempDir static Path data;
  private static TestNode node;

  private final String id = Integer.toString(NEXT.incrementAndGet());

  /** The kinds of links. */
  enum LinkKind {
    TCP,
    WEB_SOCKET;

    FrameClient open() {
      return this == TCP ? node.control().secured(node.key()) : node.webSocket();
    }
  }

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data).registrationsPerId(10));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void leavesAPeerAtItsPortWhateverHeartbeatsComeFromOthersOfItsHost() {
    try (UdpClient peer = node.udp().registered(id);
        UdpClient thief = node.udp()) {
      for (int i = 0; i < 8; i++) {
        for (int beat = 0; beat < 4; beat++) {
          assertThat(thief.beat(id)).isTrue();
        }
        assertThat(isPushed(peer::receive)).isTrue();
        assertThat(peer.beat(id)).isFalse();
      }
      assertThat(thief.nothingElseCame()).isTrue();
    }
  }

  @Test
  void movesAPeerToItsNewPortOnceItHasProvenItself() {
    try (UdpClient before = node.udp().registered(id);
        UdpClient after = node.udp()) {
      assertThat(after.beat(id)).isTrue();
      assertThat(isPushed(before::receive)).isTrue();

      after.registered(id);

      assertThat(isPushed(after::receive)).isTrue();
      assertThat(before.nothingElseCame()).isTrue();
    }
  }

  @Test
  void followsAPeerWhoseNatGivesItANewPortForEachHeartbeat() {
    List<UdpClient> ports = new ArrayList<>(List.of(node.udp().registered(id)));
    for (int beat = 0; beat < 4; beat++) {
      UdpClient port = node.udp().beatAndProve(id);
      ports.add(port);
      assertThat(isPushed(port::receive)).isTrue();
    }
    ports.forEach(UdpClient::close);
  }

  @Test
  void leavesAPeerWhereItIsForItsUuidWithAnotherKey() {
    try (UdpClient peer = node.udp().registered(id);
        UdpClient thief = node.udp()) {
      assertThat(thief.register(id, "uuid of " + id, 7)).isEqualTo(Result.SERVER_ERROR);

      assertThat(isPushed(peer::receive)).isTrue();
      assertThat(peer.beat(id)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesAPeerOnItsLinkForAnyDatagram(LinkKind kind) {
    try (FrameClient link = kind.open();
        UdpClient datagrams = node.udp()) {
      link.send(claim()).receive();

      assertThat(datagrams.beat(id)).isTrue();
      assertThat(datagrams.register(id, "uuid of " + id, id.hashCode()))
          .isEqualTo(Result.SERVER_ERROR);

      assertThat(isPushed(() -> receivePush(link))).isTrue();
      assertThat(datagrams.nothingElseCame()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesAPeerByUdpOnceItsLinkHasEnded(LinkKind kind) {
    try (UdpClient datagrams = node.udp()) {
      try (FrameClient link = kind.open()) {
        link.send(claim()).receive();
      }

      await().until(() -> !datagrams.beat(id));

      assertThat(isPushed(datagrams::receive)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void movesAPeerFromItsPortToItsLinkAndFromLinkToLink(LinkKind kind) {
    try (UdpClient before = node.udp().registered(id);
        FrameClient link = kind.open();
        FrameClient newer = kind.open()) {
      link.send(claim()).receive();
      assertThat(isPushed(() -> receivePush(link))).isTrue();

      newer.send(claim()).receive();
      assertThat(isPushed(() -> receivePush(newer))).isTrue();

      assertThat(before.beat(id)).isTrue();
    }
  }

  private RendezvousMessage claim() {
    return UdpClient.claimOf(id, "uuid of " + id, id.hashCode());
  }

  /** Whether a requester's call reaches the peer by this way. */
  private boolean isPushed(Supplier<RendezvousMessage> receive) {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      return receive.get().hasFetchLocalAddr();
    }
  }

  private static RendezvousMessage receivePush(FrameClient link) {
    RendezvousMessage message = link.receive();
    while (message.getUnionCase() == RendezvousMessage.UnionCase.UNION_NOT_SET) {
      link.sendFrame(new byte[0]);
      message = link.receive();
    }
    return message;
  }
}
