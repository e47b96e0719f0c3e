package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.transport.FrameFlow;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.PortPolicies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Connections that mean harm, against a listener that echoes each frame a thousandfold. */
class HostileConnectionTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int ANSWERS = 1_000;

  private final Counters counters = new Counters();
  private final ConnectionQuota quota = new ConnectionQuota(1_000, 4_000, List.of());
  private final Queue<Link.Event> events = new ConcurrentLinkedQueue<>();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void givesUpOnAnOtherSideThatDoesNotReadItsAnswers() throws Exception {
    Listener listener = listen(new FrameMemory(1 << 20));
    try (TcpClient client = TcpClient.to(listener.address().getPort())) {
      client.sendFrame(new byte[1]);

      // The answers fill the kernel's buffers, then the stage's own bound.
      await().atMost(Duration.ofSeconds(60)).until(() -> quota.held() == 0);
      assertThat(events).contains(new Link.Failure(DropReason.CONNECTION_SLOW));
    }
    listener.unbind();
  }

  @Test
  void holdsNoMoreOfUnfinishedFramesThanAllMayHoldTogether() throws Exception {
    FrameMemory memory = new FrameMemory(100_000);
    Listener listener = listen(memory);
    List<TcpClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        clients.add(
            TcpClient.to(listener.address().getPort())
                .sendRaw(new byte[] {(byte) 0xC2, (byte) 0xD4, 1}) // announces 30,000 bytes
                .sendRaw(new byte[20_000]));
      }

      Link.Failure expected = new Link.Failure(DropReason.FRAME_MEMORY);
      await().until(() -> Collections.frequency(events, expected) >= 5);
      assertThat(memory.held()).isLessThanOrEqualTo(100_000);
    } finally {
      clients.forEach(TcpClient::close);
    }
    await().until(() -> memory.held() == 0);
    listener.unbind();
  }

  @Test
  void keepsServingOthersWhenAConnectionIsResetAtOnce() throws Exception {
    Listener listener = listen(new FrameMemory(1 << 20));
    for (int i = 0; i < 100; i++) {
      TcpClient.to(listener.address().getPort()).reset();
    }

    try (TcpClient client = TcpClient.to(listener.address().getPort()).sendFrame(new byte[1])) {
      assertThat(client.receiveFrame()).hasSize(64 * 1024);
    }
    await().until(() -> quota.held() == 0);
    assertThat(counters.of(DropReason.ACCEPT_FAILED)).isZero();
    assertThat(counters.of(Event.CONNECTIONS_ACCEPTED)).isPositive();
    listener.unbind();
  }

  private Listener listen(FrameMemory memory) throws Exception {
    PortPolicies ports = TestPorts.plain(counters, memory);
    return Listener.bind(
            KIT.system(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ports.forFrames(0),
            quota,
            client -> new FrameFlow(64 * 1024, ports, Set.of(), Loud::new))
        .toCompletableFuture()
        .get();
  }

  /** Answers each frame a thousand times, then closes. */
  private final class Loud implements Consumer<Link.Event> {
    private final ActorRef<Link.Message> link;

    Loud(ActorRef<Link.Message> link) {
      this.link = link;
    }

    @Override
    public void accept(Link.Event event) {
      events.add(event);
      if (event instanceof Link.FrameReceived) {
        for (int i = 0; i < ANSWERS; i++) {
          link.tell(new Link.SendFrame(new byte[64 * 1024]));
        }
        link.tell(new Link.Finish());
      } else if (event instanceof Link.InputEnded) {
        link.tell(new Link.Finish());
      }
    }
  }
}
