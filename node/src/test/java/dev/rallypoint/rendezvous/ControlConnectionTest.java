package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rallypoint.app.Node;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connection on 21116 gets, good and bad. */
class ControlConnectionTest {
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data).firstFrame(Duration.ofSeconds(1)));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void speaksFirstWithOneSignedKeyOf96Bytes() {
    try (TcpClient client = node.control()) {
      KeyExchange offer = client.receive().getKeyExchange();

      assertThat(offer.getKeysList()).hasSize(1).first().extracting(ByteString::size).isEqualTo(96);
    }
  }

  @Test
  void answersInSecretOnASecuredLink() {
    try (TcpClient client = node.control().secured(node.key())) {
      client.send(
          RendezvousMessage.newBuilder().setTestNatRequest(TestNatRequest.newBuilder()).build());

      assertThat(client.receive().getTestNatResponse().getPort())
          .isEqualTo(client.address().port());
    }
  }

  @Test
  void closesOnAKeyExchangeThatIsNotGenuine() {
    try (TcpClient client = node.control().plain()) {
      client.send(
          RendezvousMessage.newBuilder()
              .setKeyExchange(
                  KeyExchange.newBuilder()
                      .addKeys(ByteString.copyFrom(new byte[32]))
                      .addKeys(ByteString.copyFrom(new byte[48])))
              .build());

      assertThat(client.receiveFrame()).isNull();
    }
  }

  @Test
  void closesOnPlainBytesOnASecuredLink() {
    try (TcpClient client = node.control().secured(node.key())) {
      client.sendRaw(new byte[] {12, (byte) 0xA2, 1, 0});

      assertThat(client.receiveFrame()).isNull();
    }
  }

  @Test
  void closesOnAFrameThatIsNoMessage() {
    try (TcpClient client = node.control().plain()) {
      client.sendFrame(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF});

      assertThat(client.receiveFrame()).isNull();
    }
  }

  @Test
  void closesAConnectionThatSaysNothing() {
    long before = node.counters().of(DropReason.CONNECTION_SILENT);
    try (TcpClient client = node.control().plain()) {

      assertThat(client.receiveFrame()).isNull();
      assertThat(node.counters().of(DropReason.CONNECTION_SILENT)).isGreaterThan(before);
    }
  }

  @Test
  void closesAConnectionThatTricklesItsFirstFrame() {
    try (TcpClient client = node.control().plain()) {
      client.sendRaw(new byte[] {(byte) 0xFD, 3});

      assertThat(client.receiveFrame()).isNull();
    }
  }

  @Test
  void closesOnARegistrationThatNoClientSends() {
    try (TcpClient client = node.control().plain()) {
      client.send(
          RendezvousMessage.newBuilder()
              .setRegisterPk(RegisterPk.newBuilder().setId("123456789"))
              .build());

      assertThat(client.receiveFrame()).isNull();
      assertThat(node.counters().of(DropReason.REGISTRATION_MALFORMED)).isEqualTo(1);
    }
  }

  @Test
  void staysOpenForOthersWhileOneAddressHasTooMany(@TempDir Path folder) {
    List<TcpClient> held = new ArrayList<>();
    try (TestNode small = TestNode.start(TestSettings.in(folder).connections(3, 0))) {
      for (int i = 0; i < 3; i++) {
        held.add(small.control().plain());
      }

      try (TcpClient refused = small.control()) {
        assertThat(refused.receiveFrame()).isNull();
      }
      assertThat(small.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isEqualTo(1);
    } finally {
      held.forEach(TcpClient::close);
    }
  }

  @Test
  void countsConnectionsOverTheLimitOfAll(@TempDir Path folder) {
    List<TcpClient> held = new ArrayList<>();
    try (TestNode small = TestNode.start(TestSettings.in(folder).connections(1_000, 4))) {
      for (int i = 1; i <= 4; i++) {
        held.add(TcpClient.between("127.0.0." + i, small.ip(), small.port()).plain());
      }

      try (TcpClient refused = TcpClient.between("127.0.0.5", small.ip(), small.port())) {
        assertThat(refused.receiveFrame()).isNull();
      }
      assertThat(small.counters().of(DropReason.CONNECTION_TOTAL)).isEqualTo(1);
    } finally {
      held.forEach(TcpClient::close);
    }
  }

  @Test
  void holdsAConnectionWhosePunchIsPendingLongerThanASilentOne() {
    try (UdpClient target = node.udp().registered("987654321");
        TcpClient requester = node.control().plain()) {
      requester.send(Messages.punch(Messages.request(node.key(), "987654321")));
      target.receive();

      try (TcpClient silent = node.control()) {
        silent.receiveAll(); // until the server closes it
      }

      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @Test
  void refusesToStartOnAPortInUse(@TempDir Path folder) {
    assertThatThrownBy(() ->
            Node.start(
                TestSettings.in(folder).on(node.port()),
                new ServerKey(Optional.of(TestNode.KEYS), new AccessKey("")),
                end -> {}))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("port = " + node.port())
        .hasMessageContaining("--port");
  }
}
