package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.testing.FrameClient.NAT_TEST;
import static dev.rallypoint.testing.ProxyHeaders.v1;
import static dev.rallypoint.testing.ProxyHeaders.v2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol on the ID server's TCP ports, from a proxy at 127.0.0.9. */
class ProxyProtocolTest {
  private static final String PROXY = "127.0.0.9";
  private static final PeerAddress CLIENT =
      PeerAddress.of(InetAddress.ofLiteral("203.0.113.7"), 54321);
  @TempDir static Path data;
  private static TestNode node;
  private static TestNode hasty;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")).proxiesWithHeader(PROXY));
    hasty =
        TestNode.start(
            TestSettings.in(data.resolve("b"))
                .proxiesWithHeader(PROXY)
                .firstFrame(Duration.ofSeconds(1))
                .connections(1, 0));
  }

  @AfterAll
  static void stop() {
    node.close();
    hasty.close();
  }

  private static TcpClient proxied(int port) {
    return TcpClient.from(PROXY, port);
  }

  @Test
  void tellsATargetTheClientsTrueAddress() {
    try (UdpClient target = node.udp().registered("123456301");
        TcpClient requester = proxied(node.port())) {
      requester.sendRaw(v2("203.0.113.7", 54321, 0)).plain();
      requester.send(punch(request(node.key(), "123456301")));
      assertThat(AddressMangler.decode(target.receive().getPunchHole().getSocketAddr()))
          .isEqualTo(CLIENT);
    }
  }

  @Test
  void saysNothingBeforeTheHeaderHasCome() {
    try (TcpClient requester = proxied(node.port())) {
      requester.sendRaw(Arrays.copyOf(v2("203.0.113.7", 54321, 0), 20)).endOutput();

      assertThat(requester.receiveAll()).isEmpty();
    }
  }

  @Test
  void takesAHeaderInTwoPieces() {
    try (TcpClient requester = proxied(node.port())) {
      byte[] header = v2("203.0.113.7", 54321, 0);
      requester.sendRaw(Arrays.copyOf(header, 20));
      requester.sendRaw(Arrays.copyOfRange(header, 20, header.length));
      requester.secured(node.key()).send(NAT_TEST);
      assertThat(requester.receive().getTestNatResponse().getPort()).isEqualTo(54321);
    }
  }

  @Test
  void answersTheNatTestWithTheClientsPort() {
    try (TcpClient requester = proxied(node.port() - 1)) {
      requester.sendRaw(v1("TCP4 203.0.113.7 127.0.0.1 54321 21115")).send(NAT_TEST);
      assertThat(requester.receive().getTestNatResponse().getPort()).isEqualTo(54321);
    }
  }

  @Test
  void takesAProxyThatSpeaksForItselfByItsOwnAddress() {
    try (TcpClient proxy = proxied(node.port() - 1)) {
      proxy.sendRaw(v2(0x20, 0, new byte[0])).send(NAT_TEST);
      assertThat(proxy.receive().getTestNatResponse().getPort()).isEqualTo(proxy.address().port());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TCP4 203.0.113.7 127.0.0.1 54321 21115", "UNKNOWN"})
  void neverLetsAProxyToTheTextConsole(String words) {
    try (TcpClient proxy = proxied(node.port() - 1)) {
      proxy.sendRaw(v1(words)).sendRaw("h\n".getBytes(StandardCharsets.US_ASCII)).endOutput();
      assertThat(new String(proxy.receiveAll(), StandardCharsets.US_ASCII))
          .doesNotContain("relay-servers");
    }
  }

  @Test
  void servesTheTextConsoleWithNoProxyBetween() {
    try (TcpClient operator = TcpClient.from("127.0.0.1", node.port() - 1)) {
      operator.sendRaw("h\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(operator.receiveAll(), StandardCharsets.US_ASCII))
          .contains("relay-servers");
    }
  }

  @Test
  void takesAStrangersHeaderForOrdinaryBytes() {
    long proxied = node.counters().of(Event.CONNECTIONS_PROXIED);
    try (TcpClient stranger = TcpClient.from("127.0.0.2", node.port() - 1)) {
      stranger.sendRaw(v1("TCP4 203.0.113.7 127.0.0.1 54321 21115")).send(NAT_TEST);
      assertThat(stranger.receiveFrame()).isNull();
    }
    assertThat(node.counters().of(Event.CONNECTIONS_PROXIED)).isEqualTo(proxied);
  }

  @Test
  void speaksFirstToAStranger() {
    try (TcpClient stranger = TcpClient.from("127.0.0.2", node.port())) {
      stranger.secured(node.key()).send(NAT_TEST);
      assertThat(stranger.receive().getTestNatResponse().getPort())
          .isEqualTo(stranger.address().port());
    }
  }

  @Test
  void closesAProxysConnectionWithoutAHeader() {
    long before = node.counters().of(DropReason.PROXY_HEADER);
    try (TcpClient proxy = proxied(node.port())) {
      proxy.send(NAT_TEST);
      assertThat(proxy.receiveFrame()).isNull();
    }
    assertThat(node.counters().of(DropReason.PROXY_HEADER)).isGreaterThan(before);
  }

  @Test
  void closesAHeaderOfTenKilobytes() {
    long before = node.counters().of(DropReason.PROXY_HEADER);
    try (TcpClient proxy = proxied(node.port() - 1)) {
      proxy.sendRaw(v2("203.0.113.7", 54321, 10_240));
      assertThat(proxy.receiveFrame()).isNull();
    }
    assertThat(node.counters().of(DropReason.PROXY_HEADER)).isGreaterThan(before);
  }

  @Test
  void closesATrickledHeaderInTime() {
    long before = hasty.counters().of(DropReason.CONNECTION_SILENT);
    try (TcpClient proxy = proxied(hasty.port())) {
      byte[] header = v2("203.0.113.7", 54321, 300);
      int sent = 0;
      boolean isOpen = true;
      while (isOpen && sent < header.length) {
        proxy.sendRaw(new byte[] {header[sent++]});
        isOpen = proxy.isOpenFor(50);
      }
      assertThat(isOpen).isFalse();
    }
    assertThat(hasty.counters().of(DropReason.CONNECTION_SILENT)).isGreaterThan(before);
  }

  @Test
  void countsTheClientAndNotTheProxyTowardsTheLimitOfOneAddress() {
    try (TcpClient first = proxied(hasty.port() - 1);
        TcpClient other = proxied(hasty.port() - 1);
        TcpClient again = proxied(hasty.port() - 1)) {
      first.sendRaw(v1("TCP4 198.51.100.1 127.0.0.1 1000 21115")).send(NAT_TEST);
      assertThat(first.receive().getTestNatResponse().getPort()).isEqualTo(1000);
      other.sendRaw(v1("TCP4 198.51.100.2 127.0.0.1 1000 21115")).send(NAT_TEST);
      assertThat(other.receive().getTestNatResponse().getPort()).isEqualTo(1000);
      again.sendRaw(v1("TCP4 198.51.100.1 127.0.0.1 1001 21115")).send(NAT_TEST);
      assertThat(again.receiveFrame()).isNull();
    }
    await()
        .untilAsserted(() -> {
          try (TcpClient later = proxied(hasty.port() - 1)) {
            later.sendRaw(v1("TCP4 198.51.100.1 127.0.0.1 1002 21115")).send(NAT_TEST);
            assertThat(later.receiveFrame()).isNotNull();
          }
        });
  }
}
