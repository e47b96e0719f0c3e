package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.V6;
import static dev.rallypoint.rendezvous.Messages.keyOf;
import static dev.rallypoint.rendezvous.Messages.newerThanUs;
import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.relay;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.rendezvous.Messages.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.Pushed;
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

/** The flows S3 and S4, message by message, as a requester and a target see them. */
class RelayFlowTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_456_200);
  @TempDir static Path data;
  private static TestNode node;

  /** An id of its own for each test: one id may register only so often. */
  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void passesOnTheRelayThatTheTargetChose() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(punch(request(node.key(), id)));
      RendezvousMessage push = target.receive();

      answer.send(
          RendezvousMessage.newBuilder()
              .setRelayResponse(
                  RelayResponse.newBuilder()
                      .setSocketAddr(Pushed.socketAddr(push))
                      .setUuid("a-uuid")
                      .setRelayServer("relay.of.b")
                      .setId(id)
                      .setVersion("1.4.9")
                      .setSocketAddrV6(V6)
                      .setUnknownFields(newerThanUs()))
              .build());

      RelayResponse response = requester.receive().getRelayResponse();
      assertThat(response.getSocketAddr().isEmpty()).isTrue();
      assertThat(response.getUuid()).isEqualTo("a-uuid");
      assertThat(response.getRelayServer()).isEqualTo("relay.of.b");
      assertThat(response.getVersion()).isEqualTo("1.4.9");
      assertThat(response.getSocketAddrV6()).isEqualTo(V6);
      assertThat(response.getUnknownFields()).isEqualTo(newerThanUs());
      assertThat(SignedPeerKey.open(node.key(), new PeerId(id), response.getPk()))
          .contains(keyOf(id));
    }
  }

  @Test
  void forwardsARelayRequestWithFieldsNewerThanUs() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient punching = node.control().plain();
        TcpClient punched = node.control();
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      punching.send(punch(request(node.key(), id)));
      punched.send(sent(id, target.receive()));
      assertThat(punching.receive().getPunchHoleResponse().getRelayServer())
          .isEqualTo("relay.of.b");

      requester.send(
          RendezvousMessage.newBuilder()
              .setRequestRelay(relay(id).setToken("secret").setUnknownFields(newerThanUs()))
              .build());

      RequestRelay forwarded = target.receive().getRequestRelay();
      assertThat(AddressMangler.decode(forwarded.getSocketAddr())).isEqualTo(requester.address());
      assertThat(forwarded.getUuid()).isEqualTo("a-uuid");
      assertThat(forwarded.getRelayServer()).isEqualTo("relay.of.b");
      assertThat(forwarded.getSecure()).isTrue();
      assertThat(forwarded.getToken()).isEmpty();
      assertThat(forwarded.getUnknownFields()).isEqualTo(newerThanUs());
      answer.send(
          RendezvousMessage.newBuilder()
              .setRelayResponse(
                  RelayResponse.newBuilder()
                      .setSocketAddr(forwarded.getSocketAddr())
                      .setVersion("1.4.9"))
              .build());
      RelayResponse response = requester.receive().getRelayResponse();
      assertThat(response.getRefuseReason()).isEmpty();
      assertThat(response.getSocketAddr().isEmpty()).isTrue();
    }
  }
}
