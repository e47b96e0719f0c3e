package dev.rallypoint.proxies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients on the WebSocket ports whose addresses a proxy at 127.0.0.9 names in headers. */
class ForwardedClientTest {
  private static final String PROXY = "127.0.0.9";
  private static final String CLIENT = "203.0.113.7";
  private static final Map<String, String> NAMED = Map.of("X-Forwarded-For", CLIENT);

  @TempDir static Path data;
  private static TestNode node;
  private static TestNode narrow;

  @BeforeAll
  static void start() throws Exception {
    Files.writeString(data.resolve("blocklist.txt"), "203.0.113.66\n");
    node = TestNode.start(TestSettings.in(data).proxies(PROXY));
    narrow =
        TestNode.start(TestSettings.in(data.resolve("narrow")).proxies(PROXY).connections(1, 0));
  }

  @AfterAll
  static void stop() {
    node.close();
    narrow.close();
  }

  private static WsClient at(int port, String from, Map<String, String> headers) {
    return new WsClient(URI.create("ws://127.0.0.1:" + port + "/ws/id"), from, headers);
  }

  private static PeerAddress heard(String id, String from, Map<String, String> headers) {
    try (UdpClient target = node.udp().registered(id);
        WsClient requester = at(node.port() + 2, from, headers)) {
      requester.send(Asking.punch(id));
      return Asking.heardBy(target);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "123456401, X-Forwarded-For, '198.51.100.1, 203.0.113.7'",
    "123456402, X-Real-IP, 203.0.113.7",
    "123456403, Forwarded, 'for=\"203.0.113.7:4711\";proto=https'"
  })
  void tellsATargetTheClientsTrueIp(String id, String header, String value) {
    PeerAddress heard = heard(id, PROXY, Map.of(header, value));
    assertThat(heard.ip()).isEqualTo(CLIENT);
    assertThat(heard.port()).isNotZero();
  }

  @Test
  void givesTwoClientsOfOneIpTwoAddresses() {
    try (UdpClient target = node.udp().registered("123456404");
        WsClient first = at(node.port() + 2, PROXY, NAMED);
        WsClient second = at(node.port() + 2, PROXY, NAMED)) {
      first.send(Asking.punch("123456404"));
      PeerAddress one = Asking.heardBy(target);
      second.send(Asking.punch("123456404"));
      PeerAddress two = Asking.heardBy(target);
      assertThat(one.isSameHost(two)).isTrue();
      assertThat(one).isNotEqualTo(two);
    }
  }

  @Test
  void believesNoStrangersHeader() {
    long before = node.counters().of(Event.FORWARDING_IGNORED);
    assertThat(heard("123456405", "127.0.0.2", NAMED).ip()).isEqualTo("127.0.0.2");
    assertThat(node.counters().of(Event.FORWARDING_IGNORED)).isEqualTo(before + 1);
  }

  @Test
  void takesHeadersThatContradictEachOtherForTheProxys() {
    long before = node.counters().of(Event.FORWARDING_UNCLEAR);
    Map<String, String> forged = Map.of("X-Forwarded-For", CLIENT, "X-Real-IP", "198.51.100.1");
    assertThat(heard("123456406", PROXY, forged).ip()).isEqualTo(PROXY);
    assertThat(node.counters().of(Event.FORWARDING_UNCLEAR)).isEqualTo(before + 1);
  }

  @Test
  void countsTheClientTowardsTheLimitOfOneAddress() {
    long before = narrow.counters().of(DropReason.CONNECTION_PER_ADDRESS);
    try (WsClient first = at(narrow.port() + 2, PROXY, NAMED);
        WsClient other = at(narrow.port() + 2, PROXY, Map.of("X-Real-IP", "203.0.113.8"))) {
      assertThatThrownBy(() -> at(narrow.port() + 2, PROXY, NAMED))
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              refusal -> assertThat(refusal.getResponse().statusCode()).isEqualTo(429));
      assertThat(other.send(Asking.natTest()).receive().getTestNatResponse().getPort())
          .isPositive();
    }
    assertThat(narrow.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isEqualTo(before + 1);
    await().untilAsserted(() -> at(narrow.port() + 2, PROXY, NAMED).close());
  }

  @Test
  void appliesTheRelaysBlocklistToTheClient() {
    long before = node.counters().of(DropReason.RELAY_BLOCKED);
    try (WsClient blocked = at(node.port() + 3, PROXY, Map.of("X-Real-IP", "203.0.113.66"))) {
      blocked.send(Asking.leg("blocked", "b"));
      assertThat(blocked.receiveFrame()).isNull();
    } catch (java.util.concurrent.CompletionException refusedWhileSending) {
      // The connection may be gone before the message is.
    }
    assertThat(node.counters().of(DropReason.RELAY_BLOCKED)).isEqualTo(before + 1);
  }
}
