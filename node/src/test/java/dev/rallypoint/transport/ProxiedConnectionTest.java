package dev.rallypoint.transport;

import static dev.rallypoint.testing.ProxyHeaders.v2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TlsClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients behind a trusted proxy, and strangers who claim to be one. */
class ProxiedConnectionTest {
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

  @Test
  void forgetsAProbeWithoutCountingADrop() {
    int port = ports.bind(ports.withHeader().forHttp(1));
    TcpClient.from("127.0.0.2", port).close();
    TcpClient.from(EchoListeners.PROXY, port).close();
    await()
        .untilAsserted(
            () -> assertThat(ports.counters().of(Event.CONNECTIONS_ACCEPTED)).isEqualTo(2));
    await().untilAsserted(() -> assertThat(ports.quota().held()).isZero());
    for (DropReason reason : DropReason.values()) {
      assertThat(ports.counters().of(reason)).as(reason.label()).isZero();
    }
  }

  @Test
  void takesThePROXYHeaderBeforeTls() throws Exception {
    int port = ports.bind(ports.withHeader().forHttp(1));
    TcpClient proxy =
        TcpClient.from(EchoListeners.PROXY, port).sendRaw(v2("203.0.113.7", 54321, 0));
    try (TlsClient client = TlsClient.of(proxy, "TLSv1.3")) {
      assertThat(client.say("x")).isEqualTo("203.0.113.7:54321 x");
    }
  }

  @Test
  void takesPlainConnectionsOfATrustedProxyWhereTlsIsRequired() {
    int port = ports.bind(ports.policies().forHttps(1));
    try (TcpClient proxy = TcpClient.from(EchoListeners.PROXY, port)) {
      assertThat(EchoListeners.say(proxy, "x")).endsWith(" x");
    }
  }

  @Test
  void givesEachClientOfATrustedProxyItsIpAndAPortOfItsOwn() {
    int port = ports.bind(ports.policies().forHttp(1), EchoListeners::requested);
    try (TcpClient first = TcpClient.from(EchoListeners.PROXY, port);
        TcpClient second = TcpClient.from(EchoListeners.PROXY, port)) {
      String one = EchoListeners.say(first, "x");
      String two = EchoListeners.say(second, "x");
      assertThat(List.of(one, two)).allMatch(text -> text.startsWith("203.0.113.7:"));
      assertThat(one).isNotEqualTo(two);
      assertThat(ports.policies().syntheticPorts().taken()).isEqualTo(2);
    }
    await().untilAsserted(() -> assertThat(ports.policies().syntheticPorts().taken()).isZero());
    assertThat(ports.counters().of(Event.CONNECTIONS_PROXIED)).isEqualTo(2);
  }

  @Test
  void countsAClientOfATrustedProxyTowardsTheLimitOfItsAddress() {
    int port = ports.bind(ports.policies().forHttp(1), EchoListeners::requested);
    try (TcpClient first = TcpClient.from(EchoListeners.PROXY, port);
        TcpClient second = TcpClient.from(EchoListeners.PROXY, port);
        TcpClient third = TcpClient.from(EchoListeners.PROXY, port)) {
      EchoListeners.say(first, "x");
      EchoListeners.say(second, "x");
      assertThat(EchoListeners.say(third, "x")).startsWith("refused");
      assertThat(ports.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isEqualTo(1);
      assertThat(ports.policies().syntheticPorts().taken()).isEqualTo(2);
    }
    await().untilAsserted(() -> assertThat(ports.quota().held()).isZero());
    assertThat(ports.policies().syntheticPorts().taken()).isZero();
  }

  @Test
  void believesNoHeaderOfAStranger() {
    int port = ports.bind(ports.policies().forHttp(1), EchoListeners::requested);
    try (TcpClient stranger = TcpClient.from("127.0.0.2", port)) {
      assertThat(EchoListeners.say(stranger, "x")).startsWith(stranger.address().toString());
    }
    assertThat(ports.counters().of(Event.FORWARDING_IGNORED)).isEqualTo(1);
    assertThat(ports.counters().of(Event.CONNECTIONS_PROXIED)).isZero();
  }
}
