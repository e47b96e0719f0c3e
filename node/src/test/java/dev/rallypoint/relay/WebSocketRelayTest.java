package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.WsClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relayed sessions with a WebSocket on one side or both, on real sockets. */
class WebSocketRelayTest {
  private static final Executor THREADS = Thread::startVirtualThread;
  @TempDir static Path data;
  private static TestNode node;

  private final String uuid = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")).relayHandshake(Duration.ofSeconds(2)));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private RequestRelay.Builder request() {
    return RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(node.key().text());
  }

  private <C extends FrameClient> C asB(C client) {
    client.send(RendezvousMessage.newBuilder().setRequestRelay(request()).build());
    return client;
  }

  private <C extends FrameClient> C asA(C client, ConnType type) {
    client.send(
        RendezvousMessage.newBuilder()
            .setRequestRelay(request().setId("123456789").setConnType(type))
            .build());
    return client;
  }

  private <C extends FrameClient> C asA(C client) {
    return asA(client, ConnType.DEFAULT_CONN);
  }

  /** Sends a message through: then they are joined. */
  private static void join(FrameClient a, FrameClient b) {
    b.sendFrame(text("signed id"));
    assertThat(a.receiveFrame()).isEqualTo(text("signed id"));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void keepsWhatCameBeforeThePartner() {
    try (WsClient b = asB(node.webSocketRelay())) {
      b.sendFrame(text("one")).sendFrame(text("")).sendFrame(text("three"));

      try (TcpClient a = asA(node.relay())) {
        assertThat(a.receiveFrame()).isEqualTo(text("one"));
        assertThat(a.receiveFrame()).isEmpty();
        assertThat(a.receiveFrame()).isEqualTo(text("three"));
      }
    }
  }

  @Test
  void keepsWhatCameBehindTheFirstFrameOfTcp() {
    try (TcpClient b = asB(node.relay()).sendFrame(text("signed id")).sendFrame(text(""));
        WsClient a = asA(node.webSocketRelay())) {
      assertThat(a.receiveFrame()).isEqualTo(text("signed id"));
      assertThat(a.receiveFrame()).isEmpty();
    }
  }

  @Test
  void putsFragmentsTogether() {
    byte[] message = new byte[300_000];
    new Random(1).nextBytes(message);
    try (WsClient a = asA(node.webSocketRelay());
        TcpClient b = asB(node.relay())) {
      join(a, b);
      a.sendInFragments(message);

      assertThat(b.receiveFrame()).isEqualTo(message);
    }
  }

  @Test
  void takesATextAsItsBytes() {
    try (WsClient a = asA(node.webSocketRelay());
        WsClient b = asB(node.webSocketRelay())) {
      a.sendText("grüße");

      assertThat(b.receiveFrame()).isEqualTo(text("grüße"));
    }
  }

  @Test
  void carriesATunnelBetweenWebSocketsMessageByMessage() {
    Random random = new Random(2);
    try (WsClient a = asA(node.webSocketRelay(), ConnType.PORT_FORWARD);
        WsClient b = asB(node.webSocketRelay())) {
      for (int size : new int[] {1, 0, 63, 64, 16_384, 1_000_000, 5}) {
        byte[] message = new byte[size];
        random.nextBytes(message);
        a.sendFrame(message);
        b.sendFrame(message);

        assertThat(b.receiveFrame()).isEqualTo(message);
        assertThat(a.receiveFrame()).isEqualTo(message);
      }
    }
  }

  @Test
  void answersAPing() {
    try (WsClient a = asA(node.webSocketRelay())) {
      assertThat(a.ping(text("hello?"))).isEqualTo(text("hello?"));
    }
  }

  @Test
  void passesOnTheEndOfTcp() {
    try (WsClient a = asA(node.webSocketRelay());
        TcpClient b = asB(node.relay())) {
      join(a, b);
      b.sendFrame(text("last message")).endOutput();

      assertThat(a.receiveFrame()).isEqualTo(text("last message"));
      assertThat(a.receiveFrame()).isNull();
      assertThat(b.receiveFrame()).isNull();
    }
  }

  @Test
  void passesOnTheEndOfAWebSocket() {
    try (WsClient a = asA(node.webSocketRelay());
        TcpClient b = asB(node.relay())) {
      join(a, b);
      a.sendFrame(text("last message")).endOutput();

      assertThat(b.receiveFrame()).isEqualTo(text("last message"));
      assertThat(b.receiveFrame()).isNull();
    }
  }

  @Test
  void passesOnABreak() {
    try (WsClient b = asB(node.webSocketRelay())) {
      try (WsClient a = asA(node.webSocketRelay())) {
        a.sendFrame(text("hello"));
        assertThat(b.receiveFrame()).isEqualTo(text("hello"));
      }

      assertThat(b.receiveFrame()).isNull();
    }
  }

  @Test
  void joinsNoThirdOne() {
    try (WsClient a = asA(node.webSocketRelay());
        TcpClient b = asB(node.relay())) {
      join(a, b);

      try (WsClient third = asB(node.webSocketRelay())) {
        assertThat(third.receiveFrame()).isNull();
      }
    }
  }

  @Test
  void closesAWrongKey() {
    long dropped = node.counters().of(DropReason.ACCESS_KEY);
    try (WsClient stranger = node.webSocketRelay()) {
      stranger.send(
          RendezvousMessage.newBuilder().setRequestRelay(request().setLicenceKey("wrong")).build());

      assertThat(stranger.receiveFrame()).isNull();
      assertThat(node.counters().of(DropReason.ACCESS_KEY)).isEqualTo(dropped + 1);
    }
  }

  @Test
  void closesAWebSocketThatSendsNothing() {
    try (WsClient silent = node.webSocketRelay()) {
      assertThat(silent.receiveFrame()).isNull();
    }
  }

  @Test
  void seesAWaiterGo() {
    long gone = node.counters().of(DropReason.RELAY_WAITER_GONE);
    try (WsClient waiter = asB(node.webSocketRelay())) {
      await().until(() -> node.counters().of(Event.RELAY_LEGS) > 0);
      waiter.ping(text("the first message was taken"));
    }

    await().until(() -> node.counters().of(DropReason.RELAY_WAITER_GONE) > gone);
  }

  @Test
  void slowsTheSenderDownAndCutsAReaderThatTakesNothing(@TempDir Path folder) {
    try (TestNode small =
            TestNode.start(TestSettings.in(folder).relayWrite(Duration.ofSeconds(5)));
        WsClient a = asA(small.webSocketRelay());
        TcpClient b = asB(small.relay())) {
      join(a, b);
      AtomicInteger sent = new AtomicInteger();
      CompletableFuture<Void> pouring =
          CompletableFuture.runAsync(
              () -> {
                while (sent.get() < 1_000) {
                  a.sendFrame(new byte[1 << 20]);
                  sent.incrementAndGet();
                }
              },
              THREADS);

      await().until(() -> small.counters().of(DropReason.RELAY_STALLED) == 1);

      assertThat(sent.get()).isLessThan(100);
      await().until(pouring::isDone);
    }
  }

  @Test
  void holdsASessionToItsBandwidth(@TempDir Path folder) {
    try (TestNode slow = TestNode.start(TestSettings.in(folder).singleBandwidth(8));
        WsClient a = asA(slow.webSocketRelay());
        TcpClient b = asB(slow.relay())) {
      long begun = System.nanoTime();
      CompletableFuture.runAsync(
          () -> {
            for (int i = 0; i < 48; i++) {
              a.sendFrame(new byte[64 * 1024]);
            }
          },
          THREADS);
      for (int i = 0; i < 48; i++) {
        assertThat(b.receiveFrame()).hasSize(64 * 1024);
      }

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
    }
  }
}
