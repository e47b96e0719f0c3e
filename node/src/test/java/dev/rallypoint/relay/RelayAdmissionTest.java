package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.time.Ticker;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is not served, and how it is counted, over real sockets. */
class RelayAdmissionTest {
  private static ActorSystem<Void> system;
  @TempDir private Path data;
  private RelayLab lab;

  @BeforeAll
  static void joinCluster() {
    system = RelayLab.cluster();
  }

  @AfterAll
  static void leaveCluster() {
    system.terminate();
  }

  @BeforeEach
  void startRelay() {
    lab = RelayLab.start(system, data);
  }

  @AfterEach
  void stopRelay() {
    lab.close();
  }

  @Test
  void closesAndCountsAWrongKey() throws Exception {
    try (RelayClient stranger =
        lab.connect().say(Requests.frame(Requests.builder("key").setLicenceKey("guess")))) {
      assertThat(stranger.isCutOff()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.ACCESS_KEY)).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with blank", "tab\there", "ümlaut"})
  void closesAndCountsAnUnusableUuid(String uuid) throws Exception {
    try (RelayClient client = lab.sideB(uuid)) {
      assertThat(client.isCutOff()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.RELAY_UUID)).isOne();
  }

  @Test
  void closesAndCountsAnOverlongUuid() throws Exception {
    try (RelayClient client = lab.sideB("u".repeat(129))) {
      assertThat(client.isCutOff()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.RELAY_UUID)).isOne();
  }

  @Test
  void closesOnAFirstFrameOverTheCapBeforeItIsSent() throws Exception {
    try (RelayClient client = lab.connect().say(new byte[] {0x06, 0x00, 0x10})) {
      assertThat(client.isCutOff()).isTrue();
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
    try (RelayClient client = lab.connect().say(FrameEncoder.encode(other))) {
      assertThat(client.isCutOff()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.FRAME_UNEXPECTED)).isOne();
  }

  @Test
  void closesOnNoise() throws Exception {
    try (RelayClient client =
        lab.connect().say(FrameEncoder.encode(new byte[] {(byte) 0xFF, (byte) 0xFF, 1}))) {
      assertThat(client.isCutOff()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.FRAME_UNPARSABLE)).isOne();
  }

  @Test
  void limitsLegsThatWaitFromOneAddress() throws Exception {
    try (RelayLab narrow =
            RelayLab.start(
                system,
                data,
                RelayLab.settings(RelayLab.FAST, 2, new ConnectionLimits(100, 100, List.of())),
                true,
                Ticker.SYSTEM);
        RelayClient one = narrow.sideA("w1");
        RelayClient two = narrow.sideA("w2")) {
      narrow.awaitLegs(2);
      try (RelayClient three = narrow.sideA("w3")) {
        // Sessions answer in any order, so it is one of the three, and only one, that is refused.
        await().until(() -> narrow.counters().of(DropReason.RELAY_WAITING_LIMIT) == 1);
        await().until(() -> one.isOver() || two.isOver() || three.isOver());
      }
    }
  }

  @Test
  void limitsConnectionsOfOneAddress() throws Exception {
    try (RelayLab narrow =
            RelayLab.start(
                system,
                data,
                RelayLab.settings(RelayLab.FAST, 100, new ConnectionLimits(1, 100, List.of())),
                true,
                Ticker.SYSTEM);
        RelayClient one = narrow.sideA("c1");
        RelayClient two = narrow.connect()) {
      assertThat(two.isCutOff()).isTrue();
      assertThat(narrow.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isOne();
      one.socket().setSoTimeout(50);
      assertThat(one.isCutOff()).isFalse();
    }
  }

  @Test
  void aClosedConnectionMakesRoomForTheNext() throws Exception {
    try (RelayLab narrow =
        RelayLab.start(
            system,
            data,
            RelayLab.settings(RelayLab.FAST, 100, new ConnectionLimits(100, 2, List.of())),
            true,
            Ticker.SYSTEM)) {
      RelayClient one = narrow.sideA("r1");
      RelayClient two = narrow.sideB("r1");
      two.say("x");
      one.hear(1);
      one.reset();
      assertThat(two.isCutOff()).isTrue();
      two.close();
      narrow.awaitSessions(0);
      await()
          .until(() -> {
            try (RelayClient a = narrow.sideA("r2-" + System.nanoTime())) {
              a.socket().setSoTimeout(50);
              return !a.isCutOff();
            }
          });
    }
  }

  @Test
  void refusesToStartOnAPortInUse() {
    assertThatThrownBy(() ->
            RelayStart.start(
                    system,
                    RelayLab.surroundings(RelayLab.settings(), data, lab.counters(), system),
                    lab.server().address(),
                    Ticker.SYSTEM)
                .toCompletableFuture()
                .join())
        .cause()
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("relay-port = " + lab.server().address().getPort());
  }
}
