package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.keyOf;
import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.relay;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.rendezvous.Messages.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A stranger who knows the target's id and the requester's address answers in the target's place.
 */
class ForgedAnswerTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_457_100);
  private static final String STRANGER = "127.0.0.9";
  @TempDir static Path data;
  private static TestNode node;

  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private enum Kind {
    PUNCHED,
    RELAYED,
    REFUSED;

    /** The answer with this {@code socket_addr}, and with no version. */
    RendezvousMessage with(String id, ByteString socketAddr) {
      RendezvousMessage.Builder message = RendezvousMessage.newBuilder();
      RelayResponse.Builder relay =
          RelayResponse.newBuilder().setSocketAddr(socketAddr).setUuid("u").setRelayServer("evil");
      switch (this) {
        case PUNCHED ->
            message.setPunchHoleSent(
                PunchHoleSent.newBuilder().setSocketAddr(socketAddr).setId(id));
        case RELAYED -> message.setRelayResponse(relay.setId(id));
        case REFUSED -> message.setRelayResponse(relay.setRefuseReason("not allowed"));
      }
      return message.build();
    }
  }

  private enum Way {
    TCP,
    WEB_SOCKET;

    FrameClient stranger() {
      return switch (this) {
        case TCP -> TcpClient.from(STRANGER, node.port());
        case WEB_SOCKET -> new WsClient(node.port() + 2, "/ws/id");
      };
    }
  }

  /** A requester that waits for the answer to a push of this kind, and the push. */
  private static RendezvousMessage asked(Kind kind, String id, UdpClient target, TcpClient client) {
    client.send(punch(request(node.key(), id)));
    RendezvousMessage push = target.receive();
    if (kind != Kind.REFUSED) {
      return push;
    }
    client.send(
        RendezvousMessage.newBuilder().setRequestRelay(relay(id).clearRelayServer()).build());
    return target.receive();
  }

  @ParameterizedTest
  @CsvSource({
    "PUNCHED, TCP",
    "PUNCHED, WEB_SOCKET",
    "RELAYED, TCP",
    "RELAYED, WEB_SOCKET",
    "REFUSED, TCP",
    "REFUSED, WEB_SOCKET"
  })
  void isNotPassedOnButTheTargetsIs(Kind kind, Way way) {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        FrameClient stranger = way.stranger();
        TcpClient answer = node.control()) {
      RendezvousMessage push = asked(kind, id, target, requester);
      long before = node.counters().of(DropReason.ANSWER_UNPROVEN);

      stranger.send(kind.with(id, AddressMangler.encode(requester.address(), 12345)));

      await().until(() -> node.counters().of(DropReason.ANSWER_UNPROVEN) > before);
      assertThat(requester.nothingElseCame()).isTrue();
      answer.send(kind.with(id, Pushed.socketAddr(push)));
      RendezvousMessage answered = requester.receive();
      assertThat(answered.hasPunchHoleResponse()).isEqualTo(kind == Kind.PUNCHED);
      assertThat(answered.hasRelayResponse()).isEqualTo(kind != Kind.PUNCHED);
    }
  }

  @ParameterizedTest
  @CsvSource({"PUNCHED", "RELAYED"})
  void cannotSwitchTheProofOfIdentityOffByLeavingTheVersionOut(Kind kind) {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      RendezvousMessage push = asked(kind, id, target, requester);

      answer.send(kind.with(id, Pushed.socketAddr(push)));

      RendezvousMessage answered = requester.receive();
      ByteString signed =
          kind == Kind.PUNCHED
              ? answered.getPunchHoleResponse().getPk()
              : answered.getRelayResponse().getPk();
      assertThat(SignedPeerKey.open(node.key(), new PeerId(id), signed)).contains(keyOf(id));
    }
  }

  @Test
  void isNotPassedOnByUdpHoweverOftenItIsTried() {
    try (UdpClient target = node.udp().registered(id);
        UdpClient stranger = node.udp();
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id).setUdpPort(4711)));
      RendezvousMessage push = target.receive();
      long before = node.counters().of(DropReason.ANSWER_UNPROVEN);

      for (int i = 0; i < 300; i++) {
        int guess = ThreadLocalRandom.current().nextInt();
        stranger.send(Kind.PUNCHED.with(id, AddressMangler.encode(requester.address(), guess)));
        assertThat(stranger.nothingElseCame()).isTrue();
      }

      await().until(() -> node.counters().of(DropReason.ANSWER_UNPROVEN) == before + 300);
      assertThat(requester.nothingElseCame()).isTrue();
      target.send(sent(id, push));
      assertThat(requester.receive().getPunchHoleResponse().getIsUdp()).isTrue();
    }
  }

  @Test
  void cannotUseALocalAddressWhereTheTargetWasNotAskedForOne() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = TcpClient.from("127.0.0.3", node.port()).plain();
        TcpClient stranger = node.control()) {
      requester.send(punch(request(node.key(), id)));
      assertThat(target.receive().hasPunchHole()).isTrue();
      long before = node.counters().of(DropReason.ANSWER_UNASKED);

      stranger.send(
          RendezvousMessage.newBuilder()
              .setLocalAddr(
                  LocalAddr.newBuilder()
                      .setSocketAddr(AddressMangler.encode(requester.address(), 1))
                      .setLocalAddr(AddressMangler.encode(PeerAddress.v4(0x0A000005, 5_000), 7))
                      .setId(id))
              .build());

      await().until(() -> node.counters().of(DropReason.ANSWER_UNASKED) > before);
      assertThat(requester.nothingElseCame()).isTrue();
    }
  }
}
