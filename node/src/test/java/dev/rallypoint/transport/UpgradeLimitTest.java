package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.policy.limit.HandshakeQuota;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.testing.WsClient;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for WebSockets that come together, of which few are answered at one time. */
class UpgradeLimitTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String ONE = "127.0.0.2";
  private static final String OTHER = "127.0.0.3";

  /** Several services wait for their answers at one time here, each in a thread. */
  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  "rallypoint-web-socket-dispatcher.fork-join-executor.parallelism-min = 4")
              .withFallback(ConfigFactory.load()));

  private final Counters counters = new Counters();
  private final HandshakeQuota quota = new HandshakeQuota(2, 1);
  private final Semaphore answers = new Semaphore(0);
  private final Queue<String> begun = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    answers.release(1_000);
    kit.shutdownTestKit();
  }

  private int bind(Duration handshake) {
    PortPolicies all = TestPorts.plain(counters);
    PortPolicies limited =
        new PortPolicies(
            all.proxies(),
            all.certificate(),
            all.handshakeTimeout(),
            all.syntheticPorts(),
            counters,
            new PortPolicies.Limits(all.memory(), all.pacing(), all.handshakes(), quota),
            all.descriptors(),
            all.faults());
    WebSocketFlow flow =
        new WebSocketFlow(
            kit.system(),
            handshake,
            limited,
            WebSocketFlow.anywhere(client -> {
              begun.add(client.peer().ip());
              answers.acquireUninterruptibly();
              return new WebSocketFlow.Served(Flow.of(ByteString.class), () -> 1_000);
            }));
    return Listener.bind(
            kit.system(),
            new InetSocketAddress("127.0.0.1", 0),
            limited.forHttp(0),
            new ConnectionQuota(1_000, 4_000, List.of()),
            flow::of)
        .toCompletableFuture()
        .join()
        .address()
        .getPort();
  }

  /** Connects, says something and gives what comes back. */
  private static CompletableFuture<String> saying(String ip, int port) {
    return CompletableFuture.supplyAsync(
        () -> {
          URI uri = URI.create("ws://127.0.0.1:" + port + "/");
          try (WsClient client = new WsClient(uri, ip, Map.of())) {
            byte[] answer = client.sendFrame(new byte[] {'h', 'i'}).receiveFrame();
            return answer == null ? "closed" : new String(answer, StandardCharsets.US_ASCII);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private void awaitBegun(int count) {
    await().until(() -> begun.size() == count);
  }

  @Test
  void answersOneRequestOfAnAddressAtATimeAndOthersBeside() {
    int port = bind(LONG);
    List<CompletableFuture<String>> ofOne = new ArrayList<>(List.of(saying(ONE, port)));
    awaitBegun(1);
    for (int i = 0; i < 10; i++) {
      ofOne.add(saying(ONE, port));
    }
    await().until(() -> counters.of(Event.CONNECTIONS_ACCEPTED) == 11);
    CompletableFuture<String> ofOther = saying(OTHER, port);
    awaitBegun(2);
    assertThat(begun).containsExactly(ONE, OTHER);

    answers.release(100);
    assertThat(ofOther.join()).isEqualTo("hi");
    assertThat(ofOne).allSatisfy(each -> assertThat(each.join()).isEqualTo("hi"));
    await().until(() -> quota.underWay() == 0);
  }

  @Test
  void refusesNoneOfAnOfficeThatComesTogether() {
    int port = bind(LONG);
    answers.release(1_000);
    List<CompletableFuture<String>> office = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      office.add(saying(ONE, port));
    }
    assertThat(office).allSatisfy(each -> assertThat(each.join()).isEqualTo("hi"));
    assertThat(counters.of(DropReason.HANDSHAKE_UNFINISHED)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /ws/id HTTP/1.1\r\nHost:",
        "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n"
      })
  void holdsNoPlaceForARequestWhoseRestIsOnItsWay(String part) {
    int port = bind(LONG);
    answers.release(1_000);
    try (TcpClient slow =
        TcpClient.from(ONE, port).sendRaw(part.getBytes(StandardCharsets.US_ASCII))) {
      await().until(() -> counters.of(Event.CONNECTIONS_ACCEPTED) == 1);
      assertThat(saying(ONE, port).join()).isEqualTo("hi");
      await().until(() -> quota.underWay() == 0);
    }
  }

  @Test
  void closesARequestThatCouldNotBeginInTime() {
    int patient = bind(LONG);
    int impatient = bind(Duration.ofMillis(300));
    CompletableFuture<String> first = saying(ONE, patient);
    awaitBegun(1);
    try (TcpClient second =
        TcpClient.from(ONE, impatient)
            .sendRaw("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
      assertThat(second.receiveAll()).isEmpty();
    }
    assertThat(counters.of(DropReason.HANDSHAKE_UNFINISHED)).isOne();
    answers.release();
    assertThat(first.join()).isEqualTo("hi");
    await().until(() -> quota.underWay() == 0);
  }
}
