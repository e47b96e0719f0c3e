package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.V6;
import static dev.rallypoint.rendezvous.Messages.keyOf;
import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.rendezvous.Messages.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flows S1, S2, S5 and S6, message by message, as a requester and a target see them. */
class PunchFlowTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_456_100);
  @TempDir static Path data;
  private static TestNode node;
  private static TestNode relayedNode;

  /** An id of its own for each test: one id may register only so often. */
  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
    relayedNode =
        TestNode.start(
            TestSettings.in(data.resolve("b"))
                .alwaysUseRelay()
                .relayServers("relay.example:21117"));
  }

  @AfterAll
  static void stop() {
    node.close();
    relayedNode.close();
  }

  @Test
  void asksTheTargetBehindTheSameAddressForItsLocalAddress() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id).setSocketAddrV6(V6)));

      FetchLocalAddr fetch = target.receive().getFetchLocalAddr();
      assertThat(AddressMangler.decode(fetch.getSocketAddr())).isEqualTo(requester.address());
      assertThat(fetch.getSocketAddrV6()).isEqualTo(V6);
    }
  }

  @Test
  void copiesEveryFieldOfAPunchRequestToTheTarget() {
    try (UdpClient target = relayedNode.udp().registered(id);
        TcpClient requester = relayedNode.control().plain()) {
      requester.send(
          punch(
              request(node.key(), id)
                  .setUdpPort(4711)
                  .setUpnpPort(4712)
                  .setForceRelay(true)
                  .setSocketAddrV6(V6)));

      PunchHole hole = target.receive().getPunchHole();
      assertThat(hole)
          .isEqualTo(
              PunchHole.newBuilder()
                  .setSocketAddr(hole.getSocketAddr())
                  .setRelayServer("relay.example:21117")
                  .setNatType(NatType.SYMMETRIC)
                  .setUdpPort(4711)
                  .setUpnpPort(4712)
                  .setForceRelay(true)
                  .setSocketAddrV6(V6)
                  .build());
      assertThat(AddressMangler.decode(hole.getSocketAddr())).isEqualTo(requester.address());
    }
  }

  @Test
  void tellsTheRequesterWhereTheTargetPunchedByTcp() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(punch(request(node.key(), id)));
      RendezvousMessage push = target.receive();

      answer.send(sent(id, push));

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(AddressMangler.decode(response.getSocketAddr())).isEqualTo(answer.address());
      assertThat(response.getNatType()).isEqualTo(NatType.ASYMMETRIC);
      assertThat(response.getRelayServer()).isEqualTo("relay.of.b");
      assertThat(response.getSocketAddrV6()).isEqualTo(V6);
      assertThat(response.getUpnpPort()).isEqualTo(99);
      assertThat(response.getIsUdp()).isFalse();
      assertThat(SignedPeerKey.open(node.key(), new PeerId(id), response.getPk()))
          .contains(keyOf(id));
    }
  }

  @Test
  void servesALoggedInRequesterOverTheSecuredLink() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().secured(node.key());
        TcpClient answer = node.control()) {
      requester.send(punch(request(node.key(), id).setToken("a login token")));
      RendezvousMessage push = target.receive();

      answer.send(sent(id, push));

      assertThat(requester.receive().getPunchHoleResponse().getSocketAddr().isEmpty()).isFalse();
    }
  }

  @Test
  void needsNoPunchSessionWithoutAnotherNode() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(punch(request(node.key(), id)));

      answer.send(sent(id, target.receive()));

      assertThat(requester.receive().getPunchHoleResponse().getSocketAddr().isEmpty()).isFalse();
      assertThat(node.counters().of(Hop.PUNCH_OPEN)).isZero();
    }
  }

  @Test
  void takesAnAnswerByUdpForARequesterThatNamedAUdpPort() {
    try (UdpClient target = node.udp().registered(id);
        UdpClient punching = node.udp();
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id).setUdpPort(4711)));
      RendezvousMessage push = target.receive();

      punching.send(sent(id, push)).send(sent(id, push)).send(sent(id, push));

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(response.getIsUdp()).isTrue();
      assertThat(AddressMangler.decode(response.getSocketAddr())).isEqualTo(punching.address());
      assertThat(punching.nothingElseCame()).isTrue();
      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @Test
  void passesOnTheLocalAddressOfANeighbour() {
    ByteString local = AddressMangler.encode(PeerAddress.v4(0x0A000005, 5000), 7);
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(punch(request(node.key(), id)));
      target.receive();

      answer.send(
          RendezvousMessage.newBuilder()
              .setLocalAddr(
                  LocalAddr.newBuilder()
                      .setSocketAddr(AddressMangler.encode(requester.address(), 1))
                      .setLocalAddr(local)
                      .setId(id)
                      .setVersion("1.4.9"))
              .build());

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(response.getIsLocal()).isTrue();
      assertThat(response.getSocketAddr()).isEqualTo(local);
    }
  }

  @Test
  void pushesTheTargetAgainWhenTheRequestIsRepeated() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      target.receive();

      requester.send(punch(request(node.key(), id)));

      assertThat(target.receive().hasFetchLocalAddr()).isTrue();
    }
  }
}
