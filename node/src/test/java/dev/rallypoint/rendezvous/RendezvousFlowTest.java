package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
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

/** The flows S1 to S6, message by message, as a requester and a target see them. */
class RendezvousFlowTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_456_700);
  private static final ByteString V6 = ByteString.copyFromUtf8("eighteen bytes: v6");
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
      requester.send(punch(request(id).setSocketAddrV6(V6)));

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
              request(id)
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
      requester.send(punch(request(id)));
      target.receive();

      answer.send(sent(requester.address()));

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
      requester.send(punch(request(id).setToken("a login token")));
      target.receive();

      answer.send(sent(requester.address()));

      assertThat(requester.receive().getPunchHoleResponse().getSocketAddr().isEmpty()).isFalse();
    }
  }

  @Test
  void takesAnAnswerByUdpForARequesterThatNamedAUdpPort() {
    try (UdpClient target = node.udp().registered(id);
        UdpClient punching = node.udp();
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(id).setUdpPort(4711)));
      target.receive();

      punching
          .send(sent(requester.address()))
          .send(sent(requester.address()))
          .send(sent(requester.address()));

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(response.getIsUdp()).isTrue();
      assertThat(AddressMangler.decode(response.getSocketAddr())).isEqualTo(punching.address());
      assertThat(requester.isQuietFor(200)).isTrue();
    }
  }

  @Test
  void ignoresAnAnswerByUdpThatNobodyAskedFor() {
    try (UdpClient target = node.udp().registered(id);
        UdpClient stranger = node.udp();
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(id)));
      target.receive();

      stranger.send(sent(requester.address()));

      assertThat(requester.isQuietFor(200)).isTrue();
      assertThat(stranger.receiveWithin(100)).isEmpty();
    }
  }

  @Test
  void ignoresAnAnswerOfATargetThatWasNotAsked() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient stranger = node.control()) {
      requester.send(punch(request(id)));
      target.receive();

      stranger.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleSent(
                  sent(requester.address()).getPunchHoleSent().toBuilder().setId("987654321"))
              .build());

      assertThat(requester.isQuietFor(200)).isTrue();
    }
  }

  @Test
  void passesOnTheLocalAddressOfANeighbour() {
    ByteString local = AddressMangler.encode(PeerAddress.v4(0x0A000005, 5000), 7);
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(punch(request(id)));
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
  void passesOnTheRelayThatTheTargetChose() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(punch(request(id)));
      target.receive();

      answer.send(
          RendezvousMessage.newBuilder()
              .setRelayResponse(
                  RelayResponse.newBuilder()
                      .setSocketAddr(AddressMangler.encode(requester.address(), 1))
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
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(
          RendezvousMessage.newBuilder()
              .setRequestRelay(relay(id).setToken("secret").setUnknownFields(newerThanUs()))
              .build());

      RequestRelay forwarded = target.receive().getRequestRelay();
      assertThat(AddressMangler.decode(forwarded.getSocketAddr())).isEqualTo(requester.address());
      assertThat(forwarded.getUuid()).isEqualTo("a-uuid");
      assertThat(forwarded.getRelayServer()).isEqualTo("relay.of.a");
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

  @Test
  void pushesTheTargetAgainWhenTheRequestIsRepeated() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(id)));
      target.receive();

      requester.send(punch(request(id)));

      assertThat(target.receive().hasFetchLocalAddr()).isTrue();
    }
  }

  @Test
  void answersARepeatedRequestOnlyOnce() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control();
        TcpClient again = node.control()) {
      requester.send(punch(request(id)));
      target.receive();
      requester.send(punch(request(id)));
      target.receive();
      answer.send(sent(requester.address()));
      requester.receive();

      again.send(sent(requester.address()));

      assertThat(requester.isQuietFor(200)).isTrue();
    }
  }

  @Test
  void saysThatAnIdIsUnknown() {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request("404404404")));

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(response.getFailure()).isEqualTo(Failure.ID_NOT_EXIST);
      assertThat(response.getSocketAddr().isEmpty()).isTrue();
    }
  }

  @Test
  void saysThatTheKeyIsWrong() {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request(id).setLicenceKey("wrong")));

      assertThat(requester.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.LICENSE_MISMATCH);
    }
  }

  @Test
  void refusesARelayRequestForAnUnknownId() {
    try (TcpClient requester = node.control().plain()) {
      requester.send(RendezvousMessage.newBuilder().setRequestRelay(relay("404404404")).build());

      assertThat(requester.receive().getRelayResponse().getRefuseReason())
          .isEqualTo("ID does not exist");
    }
  }

  @Test
  void answersASecondRequestOnTheSameConnectionAfterAFailure() {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request("404404404")));
      requester.receive();

      requester.send(punch(request("404404405")));

      assertThat(requester.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.ID_NOT_EXIST);
    }
  }

  @Test
  void doesNotTakePunchRequestsByUdp() {
    try (UdpClient stranger = node.udp()) {
      long before = node.counters().of(DropReason.DATAGRAM_UNVERIFIED);

      stranger.send(punch(request(id)));

      assertThat(stranger.receiveWithin(200)).isEmpty();
      assertThat(node.counters().of(DropReason.DATAGRAM_UNVERIFIED)).isGreaterThan(before);
    }
  }

  private static PunchHoleRequest.Builder request(String target) {
    return PunchHoleRequest.newBuilder()
        .setId(target)
        .setNatType(NatType.ASYMMETRIC)
        .setLicenceKey(node.key().text())
        .setConnType(ConnType.DEFAULT_CONN)
        .setVersion("1.4.9");
  }

  private static RequestRelay.Builder relay(String target) {
    return RequestRelay.newBuilder()
        .setId(target)
        .setUuid("a-uuid")
        .setRelayServer("relay.of.a")
        .setSecure(true);
  }

  private static RendezvousMessage punch(PunchHoleRequest.Builder request) {
    return RendezvousMessage.newBuilder().setPunchHoleRequest(request).build();
  }

  private RendezvousMessage sent(PeerAddress requester) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setSocketAddr(AddressMangler.encode(requester, 12345))
                .setId(id)
                .setRelayServer("relay.of.b")
                .setNatType(NatType.ASYMMETRIC)
                .setVersion("1.4.9")
                .setUpnpPort(99)
                .setSocketAddrV6(V6))
        .build();
  }

  private static UnknownFieldSet newerThanUs() {
    return UnknownFieldSet.newBuilder()
        .addField(
            90,
            UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("from the future"))
                .build())
        .build();
  }

  private static PublicKey keyOf(String id) {
    return new PublicKey(ByteString.copyFrom(TcpClient.bytes(32, id.hashCode())));
  }
}
