package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registrations by UDP: heartbeats and RegisterPk, their verdicts and limits. */
class RegistrationTest {
  @TempDir Path data;

  @Test
  void asksForTheKeyOfAnIdNobodyHas() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      assertThat(peer.beat("123456789")).isTrue();
    }
  }

  @Test
  void takesHeartbeatsOnceTheKeyIsKnown() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      peer.registered("123456789");

      assertThat(peer.beat("123456789")).isFalse();
    }
  }

  @Test
  void refusesAKeyWhenTheUuidDiffers() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp();
        UdpClient other = node.udp()) {
      peer.registered("123456789");

      assertThat(other.register("123456789", "another machine", 7)).isEqualTo(Result.UUID_MISMATCH);
    }
  }

  @Test
  void remembersIdsAndKeysOverARestart() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      peer.registered("123456789");
    }
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      assertThat(peer.register("123456789", "another machine", 7)).isEqualTo(Result.UUID_MISMATCH);
      assertThat(peer.beat("123456789")).isFalse();
    }
  }

  @Test
  void tellsAnOfflineIdFromAnUnknownOneAfterARestart() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      peer.registered("123456789");
    }
    try (TestNode node = TestNode.start(TestSettings.in(data));
        TcpClient requester = node.control().plain()) {
      requester.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleRequest(
                  PunchHoleRequest.newBuilder().setId("123456789").setLicenceKey(node.key().text()))
              .build());

      assertThat(requester.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.OFFLINE);
    }
  }

  @Test
  void takesThreeHundredClientsOfOneAddressAtOnce() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peers = node.udp()) {
      for (int i = 0; i < 300; i++) {
        peers.registered("client-%03d".formatted(i));
      }
    }
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peers = node.udp()) {
      for (int i = 0; i < 300; i++) {
        assertThat(peers.beat("client-%03d".formatted(i))).isFalse();
      }
    }
  }

  @Test
  void tellsAnAddressWhyItIsRefusedOnlySoOften() {
    try (TestNode node = TestNode.start(TestSettings.in(data).registrationsPerAddress(2));
        UdpClient peer = node.udp()) {
      peer.registered("123456781").registered("123456782");
      peer.register("123456781", "another machine", 3);
      peer.register("123456781", "another machine", 3);

      assertThat(peer.register("123456781", "another machine", 3)).isEqualTo(Result.TOO_FREQUENT);
    }
  }

  @Test
  void makesAClientDrawAnotherIdForOneThatIsTooShort() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      assertThat(peer.register("12345", "a machine", 1)).isEqualTo(Result.UUID_MISMATCH);
    }
  }

  @Test
  void saysNothingToARegistrationWithoutUuidOrKey() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      peer.send(
          RendezvousMessage.newBuilder()
              .setRegisterPk(RegisterPk.newBuilder().setId("123456789"))
              .build());

      // The registrar answers in order.
      assertThat(peer.register("12345", "a machine", 1)).isEqualTo(Result.UUID_MISMATCH);
      assertThat(node.counters().of(DropReason.REGISTRATION_MALFORMED)).isEqualTo(1);
    }
  }
}
