package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.policy.limit.FramePace;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.testing.WsClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that send frames without end, or do not read their answers; the clock is by hand. */
class FramePacingTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int MORE = 3 * FramePace.PER_PAUSE;

  private final ActorTestKit kit = ActorTestKit.create();
  private final Counters counters = new Counters();
  private final ConnectionQuota quota = new ConnectionQuota(10, 40, List.of());
  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger frames = new AtomicInteger();
  private final Queue<Link.Event> failures = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private PortPolicies ports(Duration patience) {
    return TestPorts.paced(patience, counters, clock::get);
  }

  private int tcp(PortPolicies ports, int answerSize) {
    return port(
        Listener.bind(
                kit.system(),
                ANY_PORT,
                ports.forFrames(0),
                quota,
                client -> new FrameFlow(1_000, ports, Set.of(), link -> new Echo(link, answerSize)))
            .toCompletableFuture()
            .join());
  }

  private int webSocket(PortPolicies ports) {
    WebSocketFlow flow =
        new WebSocketFlow(
            kit.system(),
            Duration.ofSeconds(10),
            ports,
            WebSocketFlow.anywhere(client ->
                new WebSocketFlow.Served(
                    FrameFlow.ofMessages(1_000, ports, link -> new Echo(link, 1)), () -> 1_000)));
    return port(
        Listener.bind(kit.system(), ANY_PORT, ports.forHttp(0), quota, flow::of)
            .toCompletableFuture()
            .join());
  }

  private static int port(Listener listener) {
    return listener.address().getPort();
  }

  /** Answers each frame with one of a length. */
  private final class Echo implements Consumer<Link.Event> {
    private final ActorRef<Link.Message> link;
    private final int length;

    Echo(ActorRef<Link.Message> link, int length) {
      this.link = link;
      this.length = length;
    }

    @Override
    public void accept(Link.Event event) {
      switch (event) {
        case Link.FrameReceived frame -> {
          frames.incrementAndGet();
          link.tell(new Link.SendFrame(new byte[length]));
          link.tell(new Link.Ready());
        }
        case Link.Failure failure -> failures.add(failure);
        case Link.InputEnded ended -> link.tell(new Link.Finish());
        default -> {}
      }
    }
  }

  private void expectPaused(int times) {
    await().until(() -> counters.of(Event.CONNECTIONS_PAUSED) == times);
  }

  @Test
  void readsNoFrameOverThePaceUntilItIsEarned() {
    int port = tcp(ports(Duration.ofSeconds(10)), 1);
    try (TcpClient flood = TcpClient.to(port);
        TcpClient honest = TcpClient.to(port)) {
      for (int i = 0; i < FramePace.BURST + MORE; i++) {
        flood.sendFrame(new byte[1]);
      }
      expectPaused(1);
      assertThat(honest.sendFrame(new byte[1]).receiveFrame()).hasSize(1);
      assertThat(frames.get()).isEqualTo(FramePace.BURST + 1 + 1);

      clock.addAndGet(Duration.ofMinutes(1).toNanos());
      for (int i = 0; i < FramePace.BURST + MORE; i++) {
        assertThat(flood.receiveFrame()).hasSize(1);
      }
    }
  }

  @Test
  void countsBytesThatCompleteNoFrame() throws Exception {
    int port = tcp(ports(Duration.ofSeconds(10)), 1);
    try (TcpClient drip = TcpClient.to(port)) {
      byte[] announced = {(byte) 0x9D, 0x0F}; // a frame of 999 bytes
      for (int i = 0; counters.of(Event.CONNECTIONS_PAUSED) == 0; i++) {
        drip.sendRaw(i % 1_001 == 0 ? announced : new byte[1]);
      }
      expectPaused(1);
    }
    await().until(() -> quota.held() == 0 || advance());
  }

  private boolean advance() {
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    return false;
  }

  @Test
  void pausesAWebSocketForFramesOfEveryKind() {
    int port = webSocket(ports(Duration.ofSeconds(10)));
    try (WsClient pings = new WsClient(port, "/");
        WsClient messages = new WsClient(port, "/");
        WsClient fragments = new WsClient(port, "/")) {
      for (int i = 0; i <= FramePace.BURST; i++) {
        pings.sendPing();
        messages.sendFrame(new byte[0]);
        fragments.sendFragment(new byte[0]);
      }
      expectPaused(3);

      try (WsClient honest = new WsClient(port, "/").sendFrame(new byte[1])) {
        assertThat(honest.receiveFrame()).hasSize(1);
      }
    }
  }

  @Test
  void givesAPlaceInThePauseBackWhenTheConnectionCloses() {
    int port = tcp(ports(Duration.ofSeconds(10)), 1);
    for (int i = 1; i <= 3; i++) {
      try (TcpClient flood = TcpClient.to(port)) {
        for (int sent = 0; sent <= FramePace.BURST; sent++) {
          flood.sendFrame(new byte[1]);
        }
        expectPaused(i);
      }
      await().until(() -> quota.held() == 0 || advance());
    }
  }

  @Test
  void handlesNoFrameOfAConnectionThatDoesNotReadItsAnswers() {
    int port = tcp(ports(Duration.ofMinutes(10)), 64 * 1024);
    int sent = FramePace.BURST;
    try (TcpClient deaf = TcpClient.to(port);
        TcpClient honest = TcpClient.to(port)) {
      for (int i = 0; i < sent; i++) {
        deaf.sendFrame(new byte[1]);
      }
      assertThat(honest.sendFrame(new byte[1]).receiveFrame()).hasSize(64 * 1024);
      assertThat(frames.get()).isLessThan(sent); // 64 MB are more than the kernel takes

      for (int i = 0; i < sent; i++) {
        assertThat(deaf.receiveFrame()).hasSize(64 * 1024);
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void closesAConnectionThatLeavesItsAnswersUnread() {
    int port = tcp(ports(Duration.ofMillis(300)), 64 * 1024);
    try (TcpClient deaf = TcpClient.to(port)) {
      for (int i = 0; i < FramePace.BURST; i++) {
        deaf.sendFrame(new byte[1]);
      }
      await().until(() -> quota.held() == 0);
      assertThat(failures).containsExactly(new Link.Failure(DropReason.CONNECTION_SLOW));
    }
  }
}
