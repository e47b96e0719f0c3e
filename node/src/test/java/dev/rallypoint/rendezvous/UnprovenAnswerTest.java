package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.testing.Pushed.socketAddr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that can hold no secret: to a requester by IPv6, and LocalAddr. */
class UnprovenAnswerTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_457_200);
  private static final String A = "203.0.113.7";
  private static final String A_V6 = "2001:db8::7";
  private static final String B = "198.51.100.9";
  private static final String B_SECOND = "192.0.2.9";
  private static final String STRANGER = "192.0.2.66";
  @TempDir static Path data;
  private static TestNode node;
  private static Clients clients;

  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestSettings.in(data.resolve("a"))
                .proxiesWithHeader(Clients.PROXY)
                .relayServers("relay.test"));
    clients = new Clients(node);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static ByteString local(String ip) {
    return AddressMangler.encode(PeerAddress.of(InetAddress.ofLiteral(ip), 5_000), 7);
  }

  /** LocalAddr as clients write it: {@code socket_addr} is encoded anew. */
  private RendezvousMessage localAddr(RendezvousMessage push, String ip, String relay) {
    return RendezvousMessage.newBuilder()
        .setLocalAddr(
            LocalAddr.newBuilder()
                .setSocketAddr(AddressMangler.encode(AddressMangler.decode(socketAddr(push)), 5))
                .setLocalAddr(local(ip))
                .setRelayServer(relay)
                .setId(id)
                .setVersion("1.4.9"))
        .build();
  }

  private RendezvousMessage punched(RendezvousMessage push, String relay) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setSocketAddr(socketAddr(push))
                .setRelayServer(relay)
                .setId(id)
                .setVersion("1.4.9"))
        .build();
  }

  private RendezvousMessage relayed(RendezvousMessage push, String relay) {
    return RendezvousMessage.newBuilder()
        .setRelayResponse(
            RelayResponse.newBuilder()
                .setSocketAddr(socketAddr(push))
                .setUuid("b-uuid")
                .setRelayServer(relay)
                .setId(id)
                .setVersion("1.4.9"))
        .build();
  }

  private RendezvousMessage ask(TcpClient requester, TcpClient target) {
    requester.send(punch(request(node.key(), id)));
    return target.receive();
  }

  /** Sends an answer, and waits until the node has taken it. */
  private static void answer(String ip, int port, RendezvousMessage message) {
    try (TcpClient fresh = clients.at(ip, port)) {
      fresh.send(message);
      fresh.receiveAll();
    }
  }

  @Test
  void isPassedOnAtOnceFromTheTargetsHostWithTheRelayItNames() {
    try (TcpClient target = clients.registered(id, B, 1_001);
        TcpClient requester = clients.at(B, 1_002)) {
      RendezvousMessage push = ask(requester, target);

      answer(B, 1_003, localAddr(push, "10.0.0.5", "relay.of.b"));

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(response.getSocketAddr()).isEqualTo(local("10.0.0.5"));
      assertThat(response.getRelayServer()).isEqualTo("relay.of.b");
    }
  }

  @Test
  void ofAStrangerGivesWayToTheTargetsOwn() {
    try (TcpClient target = clients.registered(id, B, 1_011);
        TcpClient requester = clients.at(B, 1_012)) {
      RendezvousMessage push = ask(requester, target);

      answer(STRANGER, 1_013, localAddr(push, "10.0.0.66", "evil.test"));
      answer(B, 1_014, localAddr(push, "10.0.0.5", "relay.of.b"));

      assertThat(requester.receive().getPunchHoleResponse().getSocketAddr())
          .isEqualTo(local("10.0.0.5"));
    }
  }

  @Test
  void ofTheTargetsSecondLineIsPassedOnAfterAMoment() {
    try (TcpClient target = clients.registered(id, B, 1_021);
        TcpClient requester = clients.at(B, 1_022)) {
      RendezvousMessage push = ask(requester, target);

      answer(B_SECOND, 1_023, localAddr(push, "10.0.0.5", "relay.test"));

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(response.getSocketAddr()).isEqualTo(local("10.0.0.5"));
      assertThat(response.getRelayServer()).isEqualTo("relay.test");
    }
  }

  @Test
  void ofTheTargetByItsOtherAddressIsPassedOnToARequesterByIpv6() {
    try (TcpClient target = clients.registered(id, B, 1_031);
        TcpClient requester = clients.at(A_V6, 1_032)) {
      RendezvousMessage push = ask(requester, target);

      answer("2001:db8:b::9", 1_033, punched(push, "relay.test"));

      assertThat(AddressMangler.decode(requester.receive().getPunchHoleResponse().getSocketAddr()))
          .isEqualTo(PeerAddress.of(InetAddress.ofLiteral("2001:db8:b::9"), 1_033));
    }
  }

  @Test
  void withARelayOfOursIsPassedOnToARequesterByIpv6() {
    try (TcpClient target = clients.registered(id, B, 1_041);
        TcpClient requester = clients.at(A_V6, 1_042)) {
      RendezvousMessage push = ask(requester, target);

      answer("2001:db8:b::9", 1_043, relayed(push, "relay.test"));

      assertThat(requester.receive().getRelayResponse().getRelayServer()).isEqualTo("relay.test");
    }
  }

  @Test
  void leadsNobodyToAStrangersRelay() {
    try (TcpClient target = clients.registered(id, B, 1_051);
        TcpClient requester = clients.at(A_V6, 1_052)) {
      RendezvousMessage push = ask(requester, target);
      long before = node.counters().of(DropReason.ANSWER_UNPROVEN);

      answer(STRANGER, 1_053, relayed(push, "evil.test"));

      await().until(() -> node.counters().of(DropReason.ANSWER_UNPROVEN) == before + 1);
      assertThat(requester.nothingElseCame()).isTrue();
      answer(B, 1_054, relayed(push, "relay.of.b"));
      assertThat(requester.receive().getRelayResponse().getRelayServer()).isEqualTo("relay.of.b");
    }
  }

  @Test
  void namesOurRelayInPlaceOfAStrangersBesideADirectConnection() {
    try (TcpClient target = clients.registered(id, B, 1_061);
        TcpClient requester = clients.at(B, 1_062)) {
      RendezvousMessage push = ask(requester, target);

      answer(B_SECOND, 1_063, localAddr(push, "10.0.0.5", "evil.test"));

      assertThat(requester.receive().getPunchHoleResponse().getRelayServer())
          .isEqualTo("relay.test");
    }
  }

  @Test
  void leadsNobodyFromALanToAPublicAddress() {
    try (TcpClient target = clients.registered(id, B, 1_071);
        TcpClient requester = clients.at(B, 1_072)) {
      RendezvousMessage push = ask(requester, target);
      long before = node.counters().of(DropReason.ANSWER_UNPROVEN);

      answer(STRANGER, 1_073, localAddr(push, STRANGER, ""));

      await().until(() -> node.counters().of(DropReason.ANSWER_UNPROVEN) == before + 1);
      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  /** By an answer to another requester, which can hold a secret. */
  @ParameterizedTest
  @ValueSource(strings = {B_SECOND, "2001:db8:b::9"})
  void isBelievedFromAHostWhereTheTargetHasProvedItself(String otherLine) {
    try (TcpClient target = clients.registered(id, B, 1_081);
        TcpClient before = clients.at(A, 1_082);
        TcpClient requester = clients.at(A_V6, 1_083)) {
      answer(otherLine, 1_084, punched(ask(before, target), "relay.of.b"));
      before.receive();
      RendezvousMessage push = ask(requester, target);

      answer(otherLine, 1_085, relayed(push, "relay.of.b"));

      assertThat(requester.receive().getRelayResponse().getRelayServer()).isEqualTo("relay.of.b");
    }
  }

  @Test
  void isDroppedWhenTheTargetHasAnsweredAlready() {
    try (TcpClient target = clients.registered(id, B, 1_091);
        TcpClient requester = clients.at(A_V6, 1_092)) {
      RendezvousMessage push = ask(requester, target);
      answer(B, 1_093, punched(push, "relay.of.b"));
      requester.receive();
      long before = node.counters().of(DropReason.ANSWER_DUPLICATE);

      answer(STRANGER, 1_094, punched(push, "relay.test"));

      await().until(() -> node.counters().of(DropReason.ANSWER_DUPLICATE) == before + 1);
      assertThat(requester.nothingElseCame()).isTrue();
    }
  }
}
