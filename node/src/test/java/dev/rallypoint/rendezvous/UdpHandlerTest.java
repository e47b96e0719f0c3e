package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPeerResponse;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.SoftwareUpdate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams that get no answer, and addresses that no answer may go to. */
class UdpHandlerTest {
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  static Stream<Arguments> unanswered() {
    return Stream.of(
        Arguments.of(new byte[] {(byte) 0xFF, 1, 2}, DropReason.DATAGRAM_UNPARSABLE),
        Arguments.of(new byte[0], DropReason.DATAGRAM_UNEXPECTED),
        // Number 99 is no message of any version.
        Arguments.of(new byte[] {(byte) 0x9A, 6, 0}, DropReason.DATAGRAM_UNEXPECTED),
        Arguments.of(
            RendezvousMessage.newBuilder()
                .setRegisterPeerResponse(RegisterPeerResponse.newBuilder().setRequestPk(true))
                .build()
                .toByteArray(),
            DropReason.DATAGRAM_UNEXPECTED),
        Arguments.of(
            RendezvousMessage.newBuilder()
                .setSoftwareUpdate(SoftwareUpdate.newBuilder().setUrl("1.1.9"))
                .build()
                .toByteArray(),
            DropReason.DATAGRAM_UNEXPECTED),
        Arguments.of(
            RendezvousMessage.newBuilder()
                .setRegisterPeer(RegisterPeer.newBuilder().setId("12345"))
                .build()
                .toByteArray(),
            DropReason.REGISTRATION_MALFORMED));
  }

  @ParameterizedTest
  @MethodSource("unanswered")
  void dropsAndCountsWhatItTakesNoPartIn(byte[] datagram, DropReason reason) {
    try (UdpClient stranger = node.udp()) {
      long before = node.counters().of(reason);

      stranger.sendRaw(datagram);

      assertThat(stranger.nothingElseCame()).isTrue();
      assertThat(node.counters().of(reason)).isEqualTo(before + 1);
    }
  }

  @Test
  void writesToNoAddressThatADatagramNames() {
    try (UdpClient victim = node.udp();
        UdpClient stranger = node.udp()) {
      ByteString address = AddressMangler.encode(victim.address(), 1);

      stranger
          .send(
              RendezvousMessage.newBuilder()
                  .setPunchHoleSent(
                      PunchHoleSent.newBuilder().setSocketAddr(address).setId("123456789"))
                  .build())
          .send(
              RendezvousMessage.newBuilder()
                  .setLocalAddr(LocalAddr.newBuilder().setSocketAddr(address).setId("123456789"))
                  .build())
          .send(
              RendezvousMessage.newBuilder()
                  .setRelayResponse(
                      RelayResponse.newBuilder().setSocketAddr(address).setId("123456789"))
                  .build());

      assertThat(stranger.nothingElseCame()).isTrue();
      assertThat(victim.nothingElseCame()).isTrue();
    }
  }
}
