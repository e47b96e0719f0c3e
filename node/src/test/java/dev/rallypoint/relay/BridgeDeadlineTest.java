package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.testing.WsClient;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.FrameShare;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What time does to sessions between TCP and a WebSocket: a clock turned by hand. */
class BridgeDeadlineTest {
  private static final int PIECE = 20_000;

  @RegisterExtension private final Relays relays = new Relays();
  private final RelayLab.HandClock clock = new RelayLab.HandClock();
  private final FrameMemory memory = new FrameMemory(1L << 30);

  private RelayLab lab(int megabits) {
    BandwidthSettings bandwidth =
        new BandwidthSettings(megabits, 100_000, megabits, 0.66, Duration.ofMinutes(30));
    RelaySettings settings =
        RelayLab.settings(bandwidth, 100, new ConnectionLimits(100, 100, List.of()));
    return relays.start(relays.parts(settings, memory), clock);
  }

  private static void join(WsClient a, RelayClient b) throws Exception {
    b.send(FrameEncoder.encode(new byte[] {'?'}));
    assertThat(a.receiveFrame()).containsExactly('?');
  }

  /** Once so much of a message is held, it has been read; then time passes. */
  private void turnOnceHeld(int bytes) {
    await().until(() -> memory.held() >= bytes - FrameShare.FREE);
    clock.turn(Duration.ofSeconds(40));
  }

  @Test
  void keepsASessionWhoseLongFrameComesSlowly() throws Exception {
    byte[] frame = FrameEncoder.encode(new byte[20 * PIECE]);
    try (RelayLab lab = lab(100_000);
        WsClient a = lab.webSocket(Requests.sideA("slow-frame"));
        RelayClient b = lab.sideB("slow-frame")) {
      join(a, b);
      int sent = 0;
      // Each time as much again, for what is held grows by doubling.
      for (int next : new int[] {PIECE, 2 * PIECE, 4 * PIECE, 8 * PIECE}) {
        b.send(Arrays.copyOfRange(frame, sent, next));
        sent = next;
        turnOnceHeld(sent);
      }
      b.send(Arrays.copyOfRange(frame, sent, frame.length));
      assertThat(a.receiveFrame()).hasSize(20 * PIECE);
      assertThat(lab.counters().of(DropReason.RELAY_IDLE)).isZero();
    }
  }

  @Test
  void keepsASessionWhoseLongMessageComesSlowly() throws Exception {
    try (RelayLab lab = lab(100_000);
        WsClient a = lab.webSocket(Requests.sideA("slow-message"));
        RelayClient b = lab.sideB("slow-message")) {
      join(a, b);
      for (int sent = PIECE; sent <= 4 * PIECE; sent += PIECE) {
        a.sendFragment(new byte[PIECE]);
        turnOnceHeld(sent);
      }
      a.sendFrame(new byte[PIECE]);
      assertThat(b.receive(5 * PIECE)).hasSize(5 * PIECE);
      assertThat(lab.counters().of(DropReason.RELAY_IDLE)).isZero();
    }
  }

  @Test
  void keepsASessionThatWaitsForItsBandwidth() throws Exception {
    try (RelayLab lab = lab(1);
        RelayClient oneA = lab.sideA("one");
        RelayClient oneB = lab.sideB("one");
        RelayClient twoA = lab.sideA("two");
        RelayClient twoB = lab.sideB("two");
        WsClient a = lab.webSocket(Requests.sideA("capped"));
        RelayClient b = lab.sideB("capped")) {
      join(a, b);
      lab.awaitSessions(3);
      // At 1 Mb/s these take 72 s.
      b.send(FrameEncoder.encode(new byte[9 << 20]));
      assertThat(a.receiveFrame()).hasSize(9 << 20);
      clock.turn(Duration.ofSeconds(61));
      // One on each loop: now both have looked at their sessions.
      lab.awaitDrop(DropReason.RELAY_IDLE, 2);
      clock.turn(Duration.ofSeconds(20));
      b.send(FrameEncoder.encode(new byte[] {'!'}));
      assertThat(a.receiveFrame()).containsExactly('!');
    }
  }
}
