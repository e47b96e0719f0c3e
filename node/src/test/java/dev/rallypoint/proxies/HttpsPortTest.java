package dev.rallypoint.proxies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of a node's own: on its WebSocket ports, and on the one port for everything. */
class HttpsPortTest {
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    TestCertificate.of("node.example", "RSA").writeTo(data);
    node = TestNode.start(TestSettings.in(data).tls(data).onePort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static WsClient to(String url) {
    return new WsClient(URI.create(url), "127.0.0.2", Map.of());
  }

  private static String onePort(String scheme, String path) {
    return scheme + "://127.0.0.1:" + (node.port() + 4) + path;
  }

  @Test
  void registersAndCallsOverTheOnePort() {
    try (WsClient target = to(onePort("wss", "/ws/id"));
        WsClient requester = to(onePort("wss", "/ws/id"))) {
      target.send(UdpClient.claimOf("123456501", "a uuid", 7));
      assertThat(target.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      requester.send(Asking.punch("123456501"));
      assertThat(target.receive().hasPunchHole()).isTrue();
    }
  }

  @Test
  void relaysTenMegabytesEachWayOverTheOnePort() {
    byte[] chunk = new byte[64 * 1024];
    new Random(5).nextBytes(chunk);
    try (WsClient a = to(onePort("wss", "/ws/relay"));
        WsClient b = to(onePort("wss", "/ws/relay"))) {
      a.send(Asking.leg("one-port", "b"));
      b.send(Asking.leg("one-port", ""));
      for (int i = 0; i < 160; i++) {
        chunk[0] = (byte) i;
        a.sendFrame(chunk);
        assertThat(b.receiveFrame()).isEqualTo(chunk);
        b.sendFrame(chunk);
        assertThat(a.receiveFrame()).isEqualTo(chunk);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/ws", "/ws/id/more", "/api/login"})
  void hasNothingOnOtherPaths(String path) {
    assertThatThrownBy(() -> to(onePort("wss", path)))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refusal -> assertThat(refusal.getResponse().statusCode()).isEqualTo(404));
  }

  @Test
  void takesPlainConnectionsOfThisMachine() {
    try (WsClient client = to(onePort("ws", "/ws/id"))) {
      client.send(UdpClient.claimOf("123456502", "a uuid", 7));
      assertThat(client.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  void takesTlsAndPlainOnTheIdServersWebSocketPort(String scheme) {
    try (WsClient client = to(scheme + "://127.0.0.1:" + (node.port() + 2) + "/any")) {
      client.send(UdpClient.claimOf("12345650" + scheme.length(), "a uuid", 7));
      assertThat(client.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
    }
  }

  @Test
  void relaysBetweenTlsAndTcp() {
    try (WsClient a = to("wss://127.0.0.1:" + (node.port() + 3) + "/");
        TcpClient b = node.relay()) {
      a.send(Asking.leg("mixed", "b")).sendFrame("from a".getBytes(StandardCharsets.US_ASCII));
      b.send(Asking.leg("mixed", "")).sendFrame("from b".getBytes(StandardCharsets.US_ASCII));
      assertThat(b.receiveFrame()).asString().isEqualTo("from a");
      assertThat(a.receiveFrame()).asString().isEqualTo("from b");
    }
  }

  @Test
  void leavesTheNativePortsAsTheyAre() {
    long before = node.counters().of(Event.CONNECTIONS_TLS);
    try (TcpClient client = node.control().plain()) {
      client.sendRaw(new byte[] {0x16, 3, 1, 2, 0, 1}).receiveAll();
    }
    assertThat(node.counters().of(Event.CONNECTIONS_TLS)).isEqualTo(before);
  }

  @Test
  void answersPlainHttpWithWhatThePortIsFor() {
    try (TcpClient client = TcpClient.from("127.0.0.2", node.port() + 4)) {
      client.sendRaw("GET /ws/id HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(client.receiveAll(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 426")
          .contains("WebSocket");
    }
    assertThat(node.counters().of(DropReason.REQUEST_NOT_WEBSOCKET)).isPositive();
  }

  @Test
  void doesNotStartWithACertificateThatIsNotThere(@TempDir Path empty) {
    assertThatThrownBy(() -> TestNode.start(TestSettings.in(empty).tls(empty.resolve("none"))))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("tls-certificate = ")
        .hasMessageContaining("there is no such file");
  }

  @Test
  void anAddressHasAQuarterOfItsPlacesAtMost(@TempDir Path folder) {
    try (TestNode small =
        TestNode.start(TestSettings.in(folder).tls(data).onePort().connections(10_000, 8))) {
      URI url = URI.create("wss://127.0.0.1:" + (small.port() + 4) + "/ws/id");
      try (WsClient first = new WsClient(url, "127.0.0.2", Map.of());
          WsClient second = new WsClient(url, "127.0.0.2", Map.of())) {
        assertThatThrownBy(() -> new WsClient(url, "127.0.0.2", Map.of()))
            .isInstanceOf(CompletionException.class);
        assertThat(small.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isPositive();
        try (WsClient other = new WsClient(url, "127.0.0.3", Map.of())) {
          assertThat(other.ping(new byte[] {1})).containsExactly(1);
        }
        assertThat(first.ping(new byte[] {2})).containsExactly(2);
        assertThat(second.ping(new byte[] {3})).containsExactly(3);
      }
    }
  }
}
