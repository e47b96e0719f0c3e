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
class ProxiedEntranceTest {
  @TempDir Path folder;
  private Doorway door;

  @BeforeEach
  void begin() {
    door = new Doorway(folder);
  }

  @AfterEach
  void end() {
    door.close();
  }

  @Test
  void forgetsAProbeWithoutCountingADrop() {
    int port = door.bind(door.entrances(true).forHttp(1));
    TcpClient.from("127.0.0.2", port).close();
    TcpClient.from(Doorway.PROXY, port).close();
    await()
        .untilAsserted(
            () -> assertThat(door.counters().of(Event.CONNECTIONS_ACCEPTED)).isEqualTo(2));
    await().untilAsserted(() -> assertThat(door.quota().held()).isZero());
    for (DropReason reason : DropReason.values()) {
      assertThat(door.counters().of(reason)).as(reason.label()).isZero();
    }
  }

  @Test
  void takesThePROXYHeaderBeforeTls() throws Exception {
    int port = door.bind(door.entrances(true).forHttp(1));
    TcpClient proxy = TcpClient.from(Doorway.PROXY, port).sendRaw(v2("203.0.113.7", 54321, 0));
    try (TlsClient client = TlsClient.of(proxy, "TLSv1.3")) {
      assertThat(client.say("x")).isEqualTo("203.0.113.7:54321 x");
    }
  }

  @Test
  void takesPlainConnectionsOfATrustedProxyWhereTlsIsRequired() {
    int port = door.bind(door.entrances().forHttps(1));
    try (TcpClient proxy = TcpClient.from(Doorway.PROXY, port)) {
      assertThat(Doorway.say(proxy, "x")).endsWith(" x");
    }
  }

  @Test
  void givesEachClientOfATrustedProxyItsIpAndAPortOfItsOwn() {
    int port = door.bind(door.entrances().forHttp(1), Doorway::requested);
    try (TcpClient first = TcpClient.from(Doorway.PROXY, port);
        TcpClient second = TcpClient.from(Doorway.PROXY, port)) {
      String one = Doorway.say(first, "x");
      String two = Doorway.say(second, "x");
      assertThat(List.of(one, two)).allMatch(text -> text.startsWith("203.0.113.7:"));
      assertThat(one).isNotEqualTo(two);
      assertThat(door.entrances().standIns().taken()).isEqualTo(2);
    }
    await().untilAsserted(() -> assertThat(door.entrances().standIns().taken()).isZero());
    assertThat(door.counters().of(Event.CONNECTIONS_PROXIED)).isEqualTo(2);
  }

  @Test
  void countsAClientOfATrustedProxyTowardsTheLimitOfItsAddress() {
    int port = door.bind(door.entrances().forHttp(1), Doorway::requested);
    try (TcpClient first = TcpClient.from(Doorway.PROXY, port);
        TcpClient second = TcpClient.from(Doorway.PROXY, port);
        TcpClient third = TcpClient.from(Doorway.PROXY, port)) {
      Doorway.say(first, "x");
      Doorway.say(second, "x");
      assertThat(Doorway.say(third, "x")).startsWith("refused");
      assertThat(door.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isEqualTo(1);
      assertThat(door.entrances().standIns().taken()).isEqualTo(2);
    }
    await().untilAsserted(() -> assertThat(door.quota().held()).isZero());
    assertThat(door.entrances().standIns().taken()).isZero();
  }

  @Test
  void believesNoHeaderOfAStranger() {
    int port = door.bind(door.entrances().forHttp(1), Doorway::requested);
    try (TcpClient stranger = TcpClient.from("127.0.0.2", port)) {
      assertThat(Doorway.say(stranger, "x")).startsWith(stranger.address().toString());
    }
    assertThat(door.counters().of(Event.FORWARDING_IGNORED)).isEqualTo(1);
    assertThat(door.counters().of(Event.CONNECTIONS_PROXIED)).isZero();
  }
}
