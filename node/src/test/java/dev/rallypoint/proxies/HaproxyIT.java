package dev.rallypoint.proxies;

import static dev.rallypoint.testing.ProxyHeaders.v1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker/proxies/haproxy.cfg} in front of a node, played with the real HAProxy. */
class HaproxyIT {
  @TempDir static Path folder;
  private static TestNode node;
  private static RealProxy haproxy;
  private static int natTest;
  private static int idServer;
  private static int relay;

  @BeforeAll
  static void start() throws Exception {
    Path program = RealProxy.program("haproxy");
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("blocklist.txt"), "127.0.0.66\n");
    node = TestNode.start(TestSettings.in(data).proxiesWithHeader("127.0.0.1"));
    List<Integer> ports = RealProxy.freePorts(3);
    natTest = ports.get(0);
    idServer = ports.get(1);
    relay = ports.get(2);
    Map<String, String> addresses =
        Map.of(
            "LISTEN", "127.0.0.1",
            "NODE", "127.0.0.1",
            "NAT_TEST_PORT", Integer.toString(natTest),
            "ID_PORT", Integer.toString(idServer),
            "RELAY_PORT", Integer.toString(relay),
            "NODE_NAT_TEST_PORT", Integer.toString(node.port() - 1),
            "NODE_ID_PORT", Integer.toString(node.port()),
            "NODE_RELAY_PORT", Integer.toString(node.port() + 1));
    Path file = folder.resolve("haproxy.cfg");
    Files.writeString(file, RealProxy.example("haproxy.cfg"));
    haproxy =
        RealProxy.start(folder, addresses, relay, program.toString(), "-db", "-f", file.toString());
  }

  @AfterAll
  static void stop() {
    if (haproxy != null) {
      haproxy.close();
    }
    if (node != null) {
      node.close();
    }
  }

  @Test
  void letsTheNodeSeeTheClientsTrueAddress() {
    try (UdpClient target = node.udp().registered("123456701");
        TcpClient requester = TcpClient.from("127.0.0.2", idServer).secured(node.key())) {
      requester.send(Asking.punch("123456701"));
      assertThat(Asking.heardBy(target)).isEqualTo(requester.address());
    }
  }

  @Test
  void keepsTheClientsPortInTheNatTest() {
    try (TcpClient client = TcpClient.from("127.0.0.2", natTest)) {
      client.send(Asking.natTest());
      assertThat(client.receive().getTestNatResponse().getPort())
          .isEqualTo(client.address().port());
    }
  }

  @Test
  void carriesTenMegabytesEachWayThroughTheRelay() {
    byte[] chunk = new byte[64 * 1024];
    new Random(5).nextBytes(chunk);
    try (TcpClient a = TcpClient.from("127.0.0.2", relay);
        TcpClient b = TcpClient.from("127.0.0.3", relay)) {
      a.send(Asking.leg("haproxy", "b"));
      b.send(Asking.leg("haproxy", ""));
      for (int i = 0; i < 160; i++) {
        chunk[0] = (byte) i;
        a.sendFrame(chunk);
        assertThat(b.receiveFrame()).isEqualTo(chunk);
        b.sendFrame(chunk);
        assertThat(a.receiveFrame()).isEqualTo(chunk);
      }
    }
  }

  @Test
  void appliesTheRelaysBlocklistToTheClient() {
    long before = node.counters().of(DropReason.RELAY_BLOCKED);
    try (TcpClient blocked = TcpClient.from("127.0.0.66", relay)) {
      blocked.send(Asking.leg("blocked", "b"));
      assertThat(blocked.receiveFrame()).isNull();
    }
    assertThat(node.counters().of(DropReason.RELAY_BLOCKED)).isEqualTo(before + 1);
  }

  @Test
  void changesNothingForWhoSendsAHeaderThroughHaproxy() {
    try (TcpClient client = TcpClient.from("127.0.0.2", natTest)) {
      client.sendRaw(v1("TCP4 203.0.113.7 127.0.0.1 54321 21115")).send(Asking.natTest());
      assertThat(client.receiveFrame()).isNull();
    }
  }

  @Test
  void changesNothingForWhoSendsAHeaderWithoutHaproxy() {
    long before = node.counters().of(Event.CONNECTIONS_PROXIED);
    try (TcpClient stranger = TcpClient.from("127.0.0.3", node.port() - 1)) {
      stranger.sendRaw(v1("TCP4 203.0.113.7 127.0.0.1 54321 21115")).send(Asking.natTest());
      assertThat(stranger.receiveFrame()).isNull();
    }
    try (TcpClient stranger = TcpClient.from("127.0.0.3", node.port() - 1)) {
      stranger.send(Asking.natTest());
      assertThat(stranger.receive().getTestNatResponse().getPort())
          .isEqualTo(stranger.address().port());
    }
    assertThat(node.counters().of(Event.CONNECTIONS_PROXIED)).isEqualTo(before);
  }

  @Test
  void leadsNobodyToTheTextConsole() {
    try (TcpClient client = TcpClient.from("127.0.0.1", natTest)) {
      client.sendRaw("h\n".getBytes(StandardCharsets.US_ASCII)).endOutput();
      assertThat(new String(client.receiveAll(), StandardCharsets.US_ASCII)).isEmpty();
    }
  }
}
