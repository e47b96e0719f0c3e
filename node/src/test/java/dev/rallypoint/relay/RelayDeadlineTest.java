package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.relay.loop.SessionReport;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What time does to connections and sessions: real sockets, a clock turned by hand. */
class RelayDeadlineTest {
  @RegisterExtension private final Relays relays = new Relays();
  private final RelayLab.HandClock clock = new RelayLab.HandClock();

  private RelayLab lab() {
    return lab(RelayLab.FAST);
  }

  private RelayLab lab(BandwidthSettings bandwidth) {
    return relays.start(
        RelayLab.settings(bandwidth, 100, new ConnectionLimits(100, 100, List.of())), clock);
  }

  @Test
  void closesAConnectionThatSendsNothing() throws Exception {
    try (RelayLab lab = lab();
        RelayClient silent = lab.connect()) {
      await().until(() -> lab.counters().of(Event.CONNECTIONS_ACCEPTED) == 1);
      // Turned step by step, for the connection's ten seconds begin when its loop takes it.
      await()
          .until(() -> {
            clock.turn(Duration.ofSeconds(5));
            return lab.counters().of(DropReason.CONNECTION_SILENT) == 1;
          });
      assertThat(silent.isClosed()).isTrue();
    }
  }

  @Test
  void closesAConnectionThatTricklesItsFirstFrame() throws Exception {
    byte[] request = Requests.sideA("trickle");
    try (RelayLab lab = lab();
        RelayClient slow = lab.connect()) {
      for (int i = 0; i < request.length - 1; i++) {
        slow.send(new byte[] {request[i]});
      }
      await()
          .until(() -> {
            clock.turn(Duration.ofSeconds(5));
            return lab.counters().of(DropReason.CONNECTION_SILENT) == 1;
          });
      assertThat(slow.isClosed()).isTrue();
    }
  }

  @Test
  void closesAWaitingLegWhoseSessionNeverReplies() throws Exception {
    try (RelayLab lab = lab();
        RelayClient waiter = lab.sideA("forgotten")) {
      lab.awaitLegs(1);
      clock.turn(Duration.ofSeconds(41));
      lab.awaitDrop(DropReason.RELAY_UNPAIRED, 1);
      assertThat(waiter.isClosed()).isTrue();
    }
  }

  @Test
  void cutsAnIdleSession() throws Exception {
    try (RelayLab lab = lab();
        RelayClient a = lab.sideA("idle");
        RelayClient b = lab.sideB("idle")) {
      Couple.of(a, b);
      clock.turn(Duration.ofSeconds(59));
      b.send("!");
      assertThat(a.receive(1)).isEqualTo("!");
      clock.turn(Duration.ofSeconds(59));
      a.send("!");
      assertThat(b.receive(1)).isEqualTo("!");
      clock.turn(Duration.ofSeconds(61));
      lab.awaitDrop(DropReason.RELAY_IDLE, 1);
      assertThat(a.isClosed()).isTrue();
      assertThat(b.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ConnType.class,
      names = {"PORT_FORWARD", "RDP"})
  void keepsAnIdleTunnelForAnHour(ConnType tunnel) throws Exception {
    try (RelayLab lab = lab();
        RelayClient a = lab.connect().send(Requests.sideA("tunnel-" + tunnel, tunnel));
        RelayClient b = lab.sideB("tunnel-" + tunnel);
        RelayClient ordinaryA = lab.sideA("ordinary-" + tunnel);
        RelayClient ordinaryB = lab.sideB("ordinary-" + tunnel)) {
      Couple.of(a, b);
      Couple.of(ordinaryA, ordinaryB);
      clock.turn(Duration.ofMinutes(59));
      lab.awaitDrop(DropReason.RELAY_IDLE, 1);
      assertThat(ordinaryA.isClosed()).isTrue();
      b.send("alive");
      assertThat(a.receive(5)).isEqualTo("alive");
      clock.turn(Duration.ofMinutes(61));
      lab.awaitDrop(DropReason.RELAY_IDLE, 2);
      assertThat(a.isClosed()).isTrue();
    }
  }

  @Test
  void letsNobodySendForLongToASideThatHasClosed() throws Exception {
    try (RelayLab lab = lab();
        RelayClient a = lab.connect().send(Requests.sideA("talker", ConnType.PORT_FORWARD));
        RelayClient b = lab.sideB("talker")) {
      Couple.of(a, b);
      b.close();
      assertThat(a.read()).isEqualTo(-1);
      var talking = RelayClient.async(() -> a.sendRandom(1, 1L << 40));
      await()
          .until(() -> {
            clock.turn(Duration.ofSeconds(5));
            return lab.counters().of(DropReason.RELAY_IDLE) == 1;
          });
      assertThat(talking).failsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void cutsASessionWhoseReaderTakesNothing() throws Exception {
    try (RelayLab lab = lab();
        RelayClient a = lab.sideA("stalled");
        RelayClient b = lab.sideB("stalled")) {
      Couple.of(a, b);
      var writing = RelayClient.async(() -> a.sendRandom(1, 1L << 32));
      await()
          .until(() -> {
            clock.turn(Duration.ofSeconds(5));
            return lab.counters().of(DropReason.RELAY_STALLED) == 1;
          });
      assertThat(writing).failsWithin(Duration.ofSeconds(20));
      assertThat(lab.counters().of(DropReason.RELAY_IDLE)).isZero();
    }
  }

  @Test
  void holdsASessionToItsCap() throws Exception {
    // 8 Mb/s are 1 MiB a second.
    try (RelayLab lab = lab(new BandwidthSettings(8, 1000, 1, 0.66, Duration.ofMinutes(30)))) {
      assertThat(bytesInTwoSeconds(lab, "capped-session"))
          .isBetween(1_950_000L, 2_202_010L + 105_000);
    }
  }

  @Test
  void holdsTheNodeToItsCap() throws Exception {
    try (RelayLab lab = lab(new BandwidthSettings(1000, 8, 1, 0.66, Duration.ofMinutes(30)))) {
      assertThat(bytesInTwoSeconds(lab, "capped-node")).isBetween(1_950_000L, 2_202_010L + 105_000);
    }
  }

  @Test
  void holdsAListedAddressToTheLimitedSpeed() throws Exception {
    Files.writeString(relays.data().resolve("blacklist.txt"), "# slow ones\n127.0.0.0/8\n::1\n");
    try (RelayLab lab = lab(new BandwidthSettings(1000, 1000, 8, 0.66, Duration.ofMinutes(30)))) {
      assertThat(bytesInTwoSeconds(lab, "capped-listed"))
          .isBetween(1_950_000L, 2_202_010L + 105_000);
      assertThat(lab.server().sessions()).allMatch(SessionReport::isLimited);
    }
  }

  @Test
  void slowsDownASessionThatUsedTooMuchForTooLong() throws Exception {
    try (RelayLab lab = lab(new BandwidthSettings(8, 1000, 1, 0.5, Duration.ofSeconds(1)));
        RelayClient a = lab.sideA("downgraded");
        RelayClient b = lab.sideB("downgraded")) {
      Couple.of(a, b);
      RelayClient.async(() -> a.sendRandom(1, 1L << 30));
      RelayClient.async(() -> b.hashOf(Long.MAX_VALUE));
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(() -> {
            clock.turn(Duration.ofMillis(10));
            return lab.server().sessions().getFirst().isLimited();
          });
      assertThat(lab.counters().of(Event.RELAY_DOWNGRADES)).isOne();
    }
  }

  /** Turns the clock by two seconds in steps, letting all that may pass pass in each. */
  private long bytesInTwoSeconds(RelayLab lab, String uuid) throws Exception {
    try (RelayClient a = lab.sideA(uuid);
        RelayClient b = lab.sideB(uuid)) {
      Couple.of(a, b);
      RelayClient.async(() -> a.sendRandom(1, 1L << 30));
      RelayClient.async(() -> b.hashOf(Long.MAX_VALUE));
      for (int step = 1; step <= 40; step++) {
        clock.turn(Duration.ofMillis(50));
        long due = step * 52_428L - 40_000;
        await()
            .pollInterval(Duration.ofMillis(2))
            .until(() -> lab.server().sessions().getFirst().bytes() >= due);
      }
      long moved = lab.server().sessions().getFirst().bytes();
      assertThat(lab.server().sessions().getFirst().highest()).isPositive();
      return moved;
    }
  }
}
