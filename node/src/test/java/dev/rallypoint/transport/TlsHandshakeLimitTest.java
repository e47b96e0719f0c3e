package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.HandshakeQuota;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TlsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS connections that begin handshakes and do not finish them, beside others that do. */
class TlsHandshakeLimitTest {
  private static final byte[] HALF_A_HELLO = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3};
  private static final Duration LONG = Duration.ofSeconds(30);

  private final HandshakeQuota quota = new HandshakeQuota(2, 1);
  private final Queue<String> threads = new ConcurrentLinkedQueue<>();
  @TempDir Path folder;
  private EchoListeners ports;

  @BeforeEach
  void begin() {
    ports = new EchoListeners(folder);
  }

  @AfterEach
  void end() {
    ports.close();
  }

  private int bind(Duration patience) {
    PortPolicies all = ports.policies();
    PortPolicies limited =
        new PortPolicies(
            all.proxies(),
            Optional.of(() -> {
              threads.add(Thread.currentThread().getName());
              return all.certificate().orElseThrow().get();
            }),
            patience,
            all.syntheticPorts(),
            all.counters(),
            new PortPolicies.Limits(all.memory(), all.pacing(), quota, all.upgrades()),
            all.descriptors(),
            all.faults());
    return ports.bind(limited.forHttp(1));
  }

  private TcpClient holding(String ip, int port) {
    int before = quota.underWay();
    TcpClient client = TcpClient.from(ip, port).sendRaw(HALF_A_HELLO);
    await().until(() -> quota.underWay() == before + 1);
    return client;
  }

  private static CompletableFuture<String> saying(String ip, int port) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (TlsClient client = TlsClient.of(TcpClient.from(ip, port), "TLSv1.3")) {
            return client.say("hello");
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  @Test
  void servesOthersWhileOneAddressHoldsItsHandshakes() throws Exception {
    int port = bind(LONG);
    try (TcpClient held = holding("127.0.0.2", port);
        TcpClient waiting = TcpClient.from("127.0.0.2", port).sendRaw(HALF_A_HELLO);
        TlsClient other = TlsClient.of(TcpClient.from("127.0.0.3", port), "TLSv1.3")) {
      assertThat(other.say("hello")).endsWith("hello");
    }
    await().until(() -> quota.underWay() == 0);
  }

  @Test
  void letsAHandshakeWaitUntilAnotherOfItsAddressIsOver() {
    int port = bind(LONG);
    CompletableFuture<String> second;
    try (TcpClient first = holding("127.0.0.2", port)) {
      second = saying("127.0.0.2", port);
      assertThat(saying("127.0.0.3", port).join()).endsWith("hello");
      assertThat(second).isNotDone();
    }
    assertThat(second.join()).endsWith("hello");
  }

  @Test
  void servesAllOfManyThatComeTogetherFromOneAddress() {
    int port = bind(LONG);
    CompletableFuture<String> first = saying("127.0.0.2", port);
    CompletableFuture<String> second = saying("127.0.0.2", port);

    assertThat(first.join()).endsWith("hello");
    assertThat(second.join()).endsWith("hello");
    assertThat(ports.counters().of(DropReason.TLS_HANDSHAKE_LIMIT)).isZero();
  }

  @Test
  void closesAHandshakeThatCouldNotBeginInTime() {
    int patient = bind(LONG);
    int impatient = bind(Duration.ofMillis(300));
    try (TcpClient first = holding("127.0.0.2", patient);
        TcpClient second = TcpClient.from("127.0.0.2", impatient).sendRaw(HALF_A_HELLO)) {
      assertThat(second.receiveAll()).isEmpty();
      assertThat(ports.counters().of(DropReason.TLS_HANDSHAKE_LIMIT)).isOne();
    }
    await().until(() -> quota.underWay() == 0);
  }

  @Test
  void endsAHandshakeWithItsFirstBytes() throws Exception {
    int port = bind(LONG);
    try (TlsClient first = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3");
        TlsClient second = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.2")) {
      assertThat(first.say("one")).endsWith("one");
      assertThat(second.say("two")).endsWith("two");
      assertThat(quota.underWay()).isZero();
    }
  }

  @Test
  void computesHandshakesWhereNoPunchWaits() {
    int port = bind(LONG);

    assertThat(saying("127.0.0.2", port).join()).endsWith("hello");
    assertThat(threads).isNotEmpty().allMatch(name -> name.contains("rallypoint-tls-dispatcher"));
  }
}
