package dev.rallypoint.relay;

import static dev.rallypoint.testing.ProxyHeaders.v1;
import static dev.rallypoint.testing.ProxyHeaders.v2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PROXY protocol on the relay's port, from a proxy at 127.0.0.9. */
class RelayBehindProxyTest {
  private static final String PROXY = "127.0.0.9";

  @TempDir static Path data;
  private static TestNode node;
  private static TestNode narrow;

  @BeforeAll
  static void start() throws Exception {
    Files.writeString(data.resolve("blocklist.txt"), "203.0.113.66\n");
    node = TestNode.start(TestSettings.in(data).proxiesWithHeader(PROXY));
    narrow =
        TestNode.start(
            TestSettings.in(data.resolve("narrow")).proxiesWithHeader(PROXY).connections(1, 0));
  }

  @AfterAll
  static void stop() {
    node.close();
    narrow.close();
  }

  private static TcpClient proxied(TestNode to) {
    return TcpClient.from(PROXY, to.port() + 1);
  }

  private static RendezvousMessage leg(String uuid, String id) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder()
                .setUuid(uuid)
                .setId(id)
                .setLicenceKey(TestNode.KEYS.publicKey().text()))
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void relaysBetweenAProxiedLegAndADirectOne() {
    try (TcpClient a = proxied(node);
        TcpClient b = TcpClient.from("127.0.0.2", node.port() + 1)) {
      a.sendRaw(v2("203.0.113.7", 54321, 0)).send(leg("mixed", "b")).sendFrame(bytes("from a"));
      b.send(leg("mixed", "")).sendFrame(bytes("from b"));
      assertThat(b.receiveFrame()).isEqualTo(bytes("from a"));
      assertThat(a.receiveFrame()).isEqualTo(bytes("from b"));
    }
  }

  @Test
  void takesHeaderFirstFrameAndMoreInOnePiece() {
    byte[] header = v1("TCP6 2001:db8::7 2001:db8::1 54321 21117");
    byte[] frame = FrameEncoder.encode(leg("piece", "b").toByteArray());
    byte[] more = FrameEncoder.encode(bytes("early"));
    ByteBuffer piece = ByteBuffer.allocate(header.length + frame.length + more.length);
    try (TcpClient a = proxied(node);
        TcpClient b = proxied(node)) {
      a.sendRaw(piece.put(header).put(frame).put(more).array());
      b.sendRaw(v1("UNKNOWN")).send(leg("piece", ""));
      assertThat(b.receiveFrame()).isEqualTo(bytes("early"));
    }
  }

  @Test
  void appliesTheBlocklistToTheClientAndNotToTheProxy() {
    long before = node.counters().of(DropReason.RELAY_BLOCKED);
    try (TcpClient blocked = proxied(node)) {
      blocked.sendRaw(v2("203.0.113.66", 54321, 0)).send(leg("blocked", "b"));
      assertThat(blocked.receiveFrame()).isNull();
    }
    assertThat(node.counters().of(DropReason.RELAY_BLOCKED)).isEqualTo(before + 1);
  }

  @Test
  void believesNoStrangersHeader() {
    long before = node.counters().of(DropReason.RELAY_BLOCKED);
    try (TcpClient stranger = TcpClient.from("127.0.0.2", node.port() + 1)) {
      stranger.sendRaw(v1("TCP4 203.0.113.66 127.0.0.1 54321 21117"));
      assertThat(stranger.receiveFrame()).isNull();
    }
    assertThat(node.counters().of(DropReason.RELAY_BLOCKED)).isEqualTo(before);
  }

  @Test
  void countsTheClientTowardsTheLimitOfOneAddress() {
    try (TcpClient first = proxied(narrow);
        TcpClient other = proxied(narrow);
        TcpClient again = proxied(narrow)) {
      first.sendRaw(v2("198.51.100.1", 1000, 0)).send(leg("limit", "b"));
      other.sendRaw(v2("198.51.100.2", 1000, 0)).send(leg("limit", ""));
      first.sendFrame(bytes("through"));
      assertThat(other.receiveFrame()).isEqualTo(bytes("through"));
      again.sendRaw(v2("198.51.100.1", 1001, 0)).send(leg("limit2", "b"));
      assertThat(again.receiveFrame()).isNull();
      assertThat(narrow.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isEqualTo(1);
    }
    await()
        .untilAsserted(() -> {
          try (TcpClient a = proxied(narrow);
              TcpClient b = proxied(narrow)) {
            String uuid = "later" + a.address().port();
            a.sendRaw(v2("198.51.100.1", 1002, 0)).send(leg(uuid, "b")).sendFrame(bytes("!"));
            b.sendRaw(v2("198.51.100.2", 1002, 0)).send(leg(uuid, ""));
            assertThat(b.receiveFrame()).isEqualTo(bytes("!"));
          }
        });
  }

  @Test
  void closesAHeaderOfTenKilobytes() {
    long before = node.counters().of(DropReason.PROXY_HEADER);
    try (TcpClient proxy = proxied(node)) {
      proxy.sendRaw(Arrays.copyOf(v2("203.0.113.7", 54321, 10_240), 600));
      assertThat(proxy.receiveFrame()).isNull();
    }
    assertThat(node.counters().of(DropReason.PROXY_HEADER)).isGreaterThan(before);
  }

  @Test
  void closesAProxysConnectionWithoutAHeader() {
    long before = node.counters().of(DropReason.PROXY_HEADER);
    try (TcpClient proxy = proxied(node)) {
      proxy.send(leg("bare", "b"));
      assertThat(proxy.receiveFrame()).isNull();
    }
    assertThat(node.counters().of(DropReason.PROXY_HEADER)).isGreaterThan(before);
  }

  @Test
  void neverLetsAProxyToTheTextConsole() {
    try (TcpClient proxy = proxied(node)) {
      proxy.sendRaw(v1("UNKNOWN")).sendRaw(bytes("usage\n")).endOutput();
      assertThat(proxy.receiveAll()).isEmpty();
    }
  }
}
