package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.testing.WsClient;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions between TCP and a WebSocket of which one side takes nothing more. */
class BridgeHalfDeadTest {
  private static final int MESSAGE = 8 << 20;

  @RegisterExtension private final Relays relays = new Relays();
  private final RelayLab.HandClock clock = new RelayLab.HandClock();
  private RelayLab lab;

  @BeforeEach
  void start() {
    lab = relays.start(RelayLab.settings(), clock);
  }

  @Test
  void deliversTheLastMessageToAWebSocketThatGoesOnSending() throws Exception {
    try (RawWebSocket a = lab.rawWebSocket(Requests.sideA("talker"));
        RelayClient b = lab.sideB("talker").send(FrameEncoder.encode(new byte[] {'?'}))) {
      assertThat(a.receive()).containsExactly('?');
      byte[] last = new byte[MESSAGE];
      new Random(1).nextBytes(last);
      b.send(FrameEncoder.encode(last));
      // All of it has left b, whose own system would otherwise drop the rest.
      await().until(() -> lab.counters().of(Event.RELAY_BYTES) == MESSAGE + 1);
      b.close();
      // Far more than all kernel buffers together take.
      for (int i = 0; i < 5; i++) {
        a.send(new byte[MESSAGE]);
      }
      assertThat(a.receive()).isEqualTo(last);
      assertThat(a.receive()).isNull();
    }
    lab.awaitSessions(0);
  }

  @Test
  void waitsNoLongerThanForAnOrdinarySessionWhenTheWebSocketOfATunnelIsGone() throws Exception {
    try (WsClient a = lab.webSocket(Requests.sideA("tunnel", ConnType.PORT_FORWARD));
        RelayClient b = lab.sideB("tunnel").send(FrameEncoder.encode(new byte[] {'?'}))) {
      assertThat(a.receiveFrame()).containsExactly('?');
      a.endOutput();
      assertThat(b.read()).isEqualTo(-1);
      a.close();
      byte[] frame = FrameEncoder.encode(new byte[1000]);
      CompletableFuture<Void> sending =
          RelayClient.async(() -> {
            while (true) {
              b.send(frame);
            }
          });
      await()
          .until(() -> {
            clock.turn(Duration.ofSeconds(5));
            return lab.counters().of(DropReason.RELAY_IDLE) == 1;
          });
      assertThat(sending).failsWithin(Duration.ofSeconds(20));
    }
  }
}
