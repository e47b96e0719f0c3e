package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is not served, and how it is counted, over real sockets. */
class RelayAdmissionTest {
  @RegisterExtension private final Relays relays = new Relays();
  private RelayLab lab;

  @BeforeEach
  void startRelay() {
    lab = relays.start();
  }

  @Test
  void closesAndCountsAWrongKey() throws Exception {
    try (RelayClient stranger =
        lab.connect().send(Requests.frame(Requests.builder("key").setLicenceKey("guess")))) {
      assertThat(stranger.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.ACCESS_KEY)).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with blank", "tab\there", "ümlaut"})
  void closesAndCountsAnUnusableUuid(String uuid) throws Exception {
    try (RelayClient client = lab.sideB(uuid)) {
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.RELAY_UUID)).isOne();
  }

  @Test
  void closesAndCountsAnOverlongUuid() throws Exception {
    try (RelayClient client = lab.sideB("u".repeat(129))) {
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.RELAY_UUID)).isOne();
  }

  @Test
  void closesOnAFirstFrameOverTheCapBeforeItIsSent() throws Exception {
    try (RelayClient client = lab.connect().send(new byte[] {0x06, 0x00, 0x10})) {
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.FRAME_TOO_LONG)).isOne();
  }

  @Test
  void closesOnAnotherMessage() throws Exception {
    byte[] other =
        RendezvousMessage.newBuilder()
            .setTestNatRequest(TestNatRequest.newBuilder().setSerial(3))
            .build()
            .toByteArray();
    try (RelayClient client = lab.connect().send(FrameEncoder.encode(other))) {
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.FRAME_UNEXPECTED)).isOne();
  }

  @Test
  void closesOnNoise() throws Exception {
    try (RelayClient client =
        lab.connect().send(FrameEncoder.encode(new byte[] {(byte) 0xFF, (byte) 0xFF, 1}))) {
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.FRAME_UNPARSABLE)).isOne();
  }

  @Test
  void limitsLegsThatWaitFromOneAddress() throws Exception {
    try (RelayLab narrow =
            relays.start(
                RelayLab.settings(RelayLab.FAST, 2, new ConnectionLimits(100, 100, List.of())));
        RelayClient one = narrow.sideA("w1");
        RelayClient two = narrow.sideA("w2")) {
      narrow.awaitLegs(2);
      try (RelayClient three = narrow.sideA("w3")) {
        // Sessions answer in any order, so it is one of the three, and only one, that is refused.
        await().until(() -> narrow.counters().of(DropReason.RELAY_WAITING_LIMIT) == 1);
        await()
            .until(() -> one.isClosedAlready() || two.isClosedAlready() || three.isClosedAlready());
      }
    }
  }

  @Test
  void limitsConnectionsOfOneAddress() throws Exception {
    try (RelayLab narrow =
            relays.start(
                RelayLab.settings(RelayLab.FAST, 100, new ConnectionLimits(1, 100, List.of())));
        RelayClient one = narrow.connect();
        RelayClient two = narrow.connect()) {
      assertThat(two.isClosed()).isTrue();
      assertThat(narrow.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isOne();
      one.send("H\n");
      assertThat(one.receiveAll()).isEqualTo("serving\n");
    }
  }

  @Test
  void aClosedConnectionMakesRoomForTheNext() throws Exception {
    try (RelayLab narrow =
        relays.start(
            RelayLab.settings(
                RelayLab.FAST,
                100,
                new ConnectionLimits(
                    100, 2, List.of(Cidr.parse("exempt-networks", "127.0.0.0/8")))))) {
      RelayClient one = narrow.sideA("r1");
      RelayClient two = narrow.sideB("r1");
      two.send("x");
      one.receive(1);
      one.reset();
      assertThat(two.isClosed()).isTrue();
      two.close();
      narrow.awaitSessions(0);
      await()
          .ignoreExceptions() // a refused connection may be reset
          .until(() -> {
            try (RelayClient next = narrow.connect().send("H\n")) {
              return next.receiveAll().equals("serving\n");
            }
          });
    }
  }

  @Test
  void refusesToStartOnAPortInUse() {
    assertThatThrownBy(() -> relays.startOn(lab.server().address()).toCompletableFuture().join())
        .cause()
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("relay-port = " + lab.server().address().getPort());
  }
}
