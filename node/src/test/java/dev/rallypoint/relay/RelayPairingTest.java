package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
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

/** Who is put together with whom, over real sockets. */
@SuppressWarnings("try") // some connections only have to be there
class RelayPairingTest {
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
  void pairsWhenTheControllingSideComesFirst() throws Exception {
    try (RelayClient a = lab.sideA("a-first");
        RelayClient b = lab.sideB("a-first")) {
      a.say("from a");
      b.say("from b");
      assertThat(b.hear(6)).isEqualTo("from a");
      assertThat(a.hear(6)).isEqualTo("from b");
    }
  }

  @Test
  void pairsWhenTheControlledSideComesFirst() throws Exception {
    try (RelayClient b = lab.sideB("b-first");
        RelayClient a = lab.sideA("b-first")) {
      b.say("from b");
      a.say("from a");
      assertThat(a.hear(6)).isEqualTo("from b");
      assertThat(b.hear(6)).isEqualTo("from a");
    }
  }

  @Test
  void deliversEarlyBytesFirstAndIntact() throws Exception {
    try (RelayClient b = lab.sideB("early")) {
      b.say("one ").say("two ");
      byte[] early = b.sayRandom(7, 200_000);
      try (RelayClient a = lab.sideA("early")) {
        b.say("later");
        assertThat(a.hear(8)).isEqualTo("one two ");
        assertThat(a.hashOf(200_000)).isEqualTo(early);
        assertThat(a.hear(5)).isEqualTo("later");
      }
    }
  }

  @Test
  void deliversMoreThanItKeepsOnceThePartnerComes() throws Exception {
    try (RelayClient b = lab.sideB("very-early")) {
      var sent = RelayClient.async(() -> b.sayRandom(8, 12_000_000));
      try (RelayClient a = lab.sideA("very-early")) {
        assertThat(a.hashOf(12_000_000)).isEqualTo(sent.join());
      }
    }
  }

  @Test
  void readsTheFirstFrameHoweverItIsCut() throws Exception {
    byte[] request = Requests.sideB("byte-by-byte");
    try (RelayClient a = lab.sideA("byte-by-byte");
        RelayClient b = lab.connect()) {
      for (byte one : request) {
        b.say(new byte[] {one});
      }
      b.say("behind");
      assertThat(a.hear(6)).isEqualTo("behind");
    }
  }

  @Test
  void refusesAThirdComer() throws Exception {
    try (RelayClient a = lab.sideA("third");
        RelayClient b = lab.sideB("third")) {
      b.say("x");
      assertThat(a.hear(1)).isEqualTo("x");
      try (RelayClient third = lab.sideB("third")) {
        assertThat(third.isCutOff()).isTrue();
      }
      assertThat(lab.counters().of(DropReason.RELAY_TAKEN)).isOne();
      b.say("y");
      assertThat(a.hear(1)).isEqualTo("y");
    }
  }

  @Test
  void refusesTheSameSideTwice() throws Exception {
    try (RelayClient first = lab.sideA("twice")) {
      lab.awaitLegs(1);
      try (RelayClient second = lab.sideA("twice");
          RelayClient b = lab.sideB("twice")) {
        assertThat(second.isCutOff()).isTrue();
        b.say("for the first");
        assertThat(first.hear(13)).isEqualTo("for the first");
      }
    }
  }

  @Test
  void refusesALateComer() throws Exception {
    RelayClient a = lab.sideA("late");
    RelayClient b = lab.sideB("late");
    b.say("x");
    a.hear(1);
    a.close();
    b.close();
    lab.awaitSessions(0);
    try (RelayClient late = lab.sideA("late")) {
      assertThat(late.isCutOff()).isTrue();
    }
    // It is one or the other by whether the session's end was known when it came.
    assertThat(lab.counters().of(DropReason.RELAY_LATE) + lab.counters().of(DropReason.RELAY_TAKEN))
        .isOne();
  }

  @Test
  void aWaiterThatGoesAwayFreesItsPlace() throws Exception {
    RelayClient gone = lab.sideA("again");
    lab.awaitLegs(1);
    gone.close();
    lab.awaitDrop(DropReason.RELAY_WAITER_GONE, 1);
    try (RelayClient a = lab.sideA("again");
        RelayClient b = lab.sideB("again")) {
      b.say("hello");
      assertThat(a.hear(5)).isEqualTo("hello");
    }
  }

  @Test
  void aWaiterThatIsResetFreesItsPlace() throws Exception {
    RelayClient gone = lab.sideB("reset");
    lab.awaitLegs(1);
    gone.reset();
    lab.awaitDrop(DropReason.RELAY_WAITER_GONE, 1);
    try (RelayClient b = lab.sideB("reset");
        RelayClient a = lab.sideA("reset")) {
      b.say("hello");
      assertThat(a.hear(5)).isEqualTo("hello");
    }
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
                System::nanoTime);
        RelayClient one = narrow.sideA("w1");
        RelayClient two = narrow.sideA("w2")) {
      narrow.awaitLegs(2);
      try (RelayClient three = narrow.sideA("w3")) {
        assertThat(three.isCutOff()).isTrue();
      }
      assertThat(narrow.counters().of(DropReason.RELAY_WAITING_LIMIT)).isOne();
      try (RelayClient partner = narrow.sideB("w1")) {
        partner.say("still served");
        assertThat(one.hear(12)).isEqualTo("still served");
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
                System::nanoTime);
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
            System::nanoTime)) {
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
            RelayServer.start(
                    system,
                    RelayLab.settings(),
                    lab.server().address(),
                    new AccessKey(""),
                    data,
                    true,
                    lab.counters(),
                    System::nanoTime)
                .toCompletableFuture()
                .join())
        .cause()
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("relay-port = " + lab.server().address().getPort());
  }
}
