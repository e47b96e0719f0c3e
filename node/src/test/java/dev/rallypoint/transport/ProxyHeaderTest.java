package dev.rallypoint.transport;

import static dev.rallypoint.testing.ProxyHeaders.v1;
import static dev.rallypoint.testing.ProxyHeaders.v2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.ProxyHeader.Outcome;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyHeaderTest {
  private static final byte[] BEHIND = {0x00, 0x14, (byte) 0xFF, 'P'};

  private final ProxyHeader header = new ProxyHeader();

  @AfterEach
  void end() {
    header.close();
  }

  private static Optional<PeerAddress> at(String ip, int port) {
    return Optional.of(PeerAddress.of(InetAddress.ofLiteral(ip), port));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] followedBy(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static void isRead(Outcome outcome, Optional<PeerAddress> client) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Read.class,
            read -> {
              assertThat(read.client()).isEqualTo(client);
              assertThat(read.rest()).isEqualTo(BEHIND);
            });
  }

  static Stream<Arguments> whole() {
    String v6 = "2001:db8::7";
    return Stream.of(
        Arguments.of(v1("TCP4 203.0.113.7 192.0.2.1 54321 21116"), at("203.0.113.7", 54321)),
        Arguments.of(v1("TCP6 2001:db8::7 2001:db8::1 54321 21116"), at(v6, 54321)),
        Arguments.of(v1("UNKNOWN"), Optional.empty()),
        Arguments.of(
            v1(
                "UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                    + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"),
            Optional.empty()),
        Arguments.of(v2("203.0.113.7", 54321, 0), at("203.0.113.7", 54321)),
        Arguments.of(v2("203.0.113.7", 65535, 40), at("203.0.113.7", 65535)),
        Arguments.of(v2(v6, 1, 0), at(v6, 1)),
        Arguments.of(v2(v6, 1, 300), at(v6, 1)),
        Arguments.of(v2(0x20, 0x00, new byte[0]), Optional.empty()),
        Arguments.of(v2(0x20, 0x11, new byte[12]), Optional.empty()),
        Arguments.of(v2(0x21, 0x00, new byte[0]), Optional.empty()),
        Arguments.of(v2(0x21, 0x31, new byte[216]), Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("whole")
  void readsAHeaderAndLeavesWhatIsBehindIt(byte[] bytes, Optional<PeerAddress> client) {
    isRead(header.feed(ByteBuffer.wrap(followedBy(bytes, BEHIND))), client);
  }

  @ParameterizedTest
  @MethodSource("whole")
  void readsAHeaderHoweverItIsCut(byte[] bytes, Optional<PeerAddress> client) {
    Random random = new Random(bytes.length);
    ByteBuffer all = ByteBuffer.wrap(followedBy(bytes, BEHIND));
    Outcome outcome = new Outcome.Unfinished();
    while (outcome instanceof Outcome.Unfinished && all.position() < bytes.length) {
      int end = Math.min(all.position() + 1 + random.nextInt(9), bytes.length);
      boolean isLast = end == bytes.length;
      outcome = header.feed(all.limit(isLast ? all.capacity() : end));
      all.limit(all.capacity());
    }
    isRead(outcome, client);
  }

  static Stream<byte[]> broken() {
    return Stream.of(
        bytes("GET /ws/id HTTP/1.1\r\nHost: a\r\n\r\n"),
        bytes("\u0014"),
        bytes("PROXX"),
        bytes("\r\n\r\r"),
        bytes("PROXY TCP4 203.0.113.7 192.0.2.1 54321\r\n"),
        v1("TCP4 203.0.113.999 192.0.2.1 54321 21116"),
        v1("TCP4 203.0.113.7 192.0.2.1 99999 21116"),
        v1("TCP4 203.0.113.7 192.0.2.1 0 21116"),
        v1("TCP4 2001:db8::7 192.0.2.1 5 21116"),
        v1("TCP4 client.example 192.0.2.1 5 21116"),
        v1("TCP4 0.0.0.0 192.0.2.1 5 21116"),
        v1("UDP4 203.0.113.7 192.0.2.1 5 21116"),
        v1("TCP4 203.0.113.7 192.0.2.1 5 21116" + " ".repeat(100)),
        bytes("PROXY " + "x".repeat(10_240)),
        v2(0x31, 0x11, new byte[12]),
        v2(0x22, 0x11, new byte[12]),
        v2(0x21, 0x11, new byte[4]),
        v2(0x21, 0x41, new byte[12]),
        v2(0x21, 0x12, new byte[] {1, 2, 3, 4, 1, 2, 3, 4, 0, 5, 0, 5}),
        v2("203.0.113.7", 5, 10_240),
        v2("203.0.113.7", 0, 0),
        v2("255.255.255.255", 5, 0));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void refusesWhatIsNoHeader(byte[] bytes) {
    assertThat(header.feed(ByteBuffer.wrap(bytes))).isEqualTo(new Outcome.Broken());
  }

  @Test
  void waitsForTheEndOfAHeader() {
    byte[] bytes = v2("203.0.113.7", 5, 0);
    for (int i = 0; i < bytes.length - 1; i++) {
      assertThat(header.feed(ByteBuffer.wrap(bytes, i, 1))).isEqualTo(new Outcome.Unfinished());
    }
  }

  @Test
  void refusesATooLongHeaderBeforeItHasCome() {
    byte[] bytes = v2("203.0.113.7", 5, 10_240);
    Outcome outcome = new Outcome.Unfinished();
    int fed = 0;
    while (outcome instanceof Outcome.Unfinished && fed < bytes.length) {
      outcome = header.feed(ByteBuffer.wrap(bytes, fed++, 1));
    }
    assertThat(outcome).isEqualTo(new Outcome.Broken());
    assertThat(fed).isLessThanOrEqualTo(ProxyHeader.LONGEST + 1);
  }

  @Test
  void survivesAnyBytes() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = v2("203.0.113.7", 5, random.nextInt(2) * 20);
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try (ProxyHeader any = new ProxyHeader()) {
        assertThat(any.feed(ByteBuffer.wrap(bytes))).isNotNull();
      }
    }
  }

  @Test
  void anEndWithoutAByteIsAProbeAndNoDrop() {
    assertThat(header.onEnd()).isEmpty();
  }

  @Test
  void anEndWithinAHeaderIsADrop() {
    header.feed(ByteBuffer.wrap(bytes("PROXY TCP4 203.0.113.7")));
    assertThat(header.onEnd()).hasValue(DropReason.PROXY_HEADER);
  }
}
