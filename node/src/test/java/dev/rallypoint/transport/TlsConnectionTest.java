package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TlsClient;
import java.nio.file.Path;
import java.util.Random;
import javax.net.ssl.SSLHandshakeException;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS beside plain connections, and what is no TLS. */
class TlsConnectionTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void takesTlsAndPlainConnectionsOnOnePort(String version) throws Exception {
    int port = ports.bind(ports.policies().forHttp(1));
    try (TlsClient secret = TlsClient.of(TcpClient.from("127.0.0.2", port), version);
        TcpClient open = TcpClient.from("127.0.0.3", port)) {
      assertThat(secret.say("secret")).isEqualTo(secret.address() + " secret");
      assertThat(EchoListeners.say(open, "open")).isEqualTo(open.address() + " open");
    }
    assertThat(ports.counters().of(Event.CONNECTIONS_TLS)).isEqualTo(1);
  }

  @Test
  void carriesMegabytesThroughTls() throws Exception {
    int port = ports.bind(ports.policies().forHttp(1), client -> "");
    try (TlsClient client = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      for (int i = 0; i < 100; i++) {
        String line = Integer.toString(i).repeat(4_000);
        assertThat(client.say(line)).endsWith(line.substring(line.length() - 9));
      }
    }
  }

  @Test
  void releasesAConnectionWhoseTlsWasClosed() throws Exception {
    int port = ports.bind(ports.policies().forHttp(1));
    try (TlsClient client = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      client.say("x");
      assertThat(ports.quota().held()).isEqualTo(1);
    }
    await().untilAsserted(() -> assertThat(ports.quota().held()).isZero());
    assertThat(ports.counters().of(DropReason.TLS_BROKEN)).isZero();
  }

  @Test
  void refusesTlsThatIsTooOld() {
    int port = ports.bind(ports.policies().forHttp(1));
    try (TcpClient client = TcpClient.from("127.0.0.2", port)) {
      // A ClientHello of TLS 1.1, cut to the fields that every server reads.
      byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 2 + 2];
      byte[] begin = {0x16, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9)};
      System.arraycopy(begin, 0, hello, 0, begin.length);
      hello[9] = 3;
      hello[10] = 2;
      hello[hello.length - 5] = 2;
      hello[hello.length - 3] = 0x2F;
      hello[hello.length - 2] = 1;
      client.sendRaw(hello).receiveAll();
    }
    await()
        .untilAsserted(() -> assertThat(ports.counters().of(DropReason.TLS_BROKEN)).isEqualTo(1));
    await().untilAsserted(() -> assertThat(ports.quota().held()).isZero());
  }

  @Test
  void closesTlsGarbageAndServesOthers() throws Exception {
    int impatient = ports.bind(ports.impatient().forHttp(1));
    int port = ports.bind(ports.policies().forHttp(1));
    Random random = new Random(3);
    try (TlsClient other = TlsClient.of(TcpClient.from("127.0.0.3", port), "TLSv1.3")) {
      other.say("before");
      for (int i = 0; i < 20; i++) {
        byte[] garbage = new byte[400];
        random.nextBytes(garbage);
        garbage[0] = 0x16;
        try (TcpClient client = TcpClient.from("127.0.0.2", impatient)) {
          client.sendRaw(garbage).receiveAll();
        }
        // The slot is given back after the close; the next one must not be one too many.
        await().untilAsserted(() -> assertThat(ports.quota().held()).isEqualTo(1));
      }
      assertThat(other.say("after")).endsWith("after");
    }
    assertThat(
            ports.counters().of(DropReason.TLS_BROKEN)
                + ports.counters().of(DropReason.CONNECTION_SILENT))
        .isEqualTo(20);
    assertThat(ports.counters().of(DropReason.TLS_BROKEN)).isPositive();
  }

  @Test
  void closesHalfAHandshakeInTime() {
    int port = ports.bind(ports.impatient().forHttp(1));
    try (TcpClient client = TcpClient.from("127.0.0.2", port)) {
      client.sendRaw(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3}).receiveAll();
    }
    await().untilAsserted(() -> assertThat(ports.quota().held()).isZero());
    assertThat(ports.counters().of(DropReason.CONNECTION_SILENT)).isEqualTo(1);
  }

  @Test
  void closesAConnectionThatSaysNothingInTls() throws Exception {
    int port = ports.bind(ports.impatient().forHttp(1));
    try (TlsClient client = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      assertThat(client.isEnded()).isTrue();
    }
    assertThat(ports.counters().of(DropReason.CONNECTION_SILENT)).isEqualTo(1);
  }

  @Test
  void closesAConnectionThatSaysNothing() {
    int port = ports.bind(ports.impatient().forHttp(1));
    try (TcpClient client = TcpClient.from("127.0.0.2", port)) {
      assertThat(client.receiveAll()).isEmpty();
    }
    assertThat(ports.counters().of(DropReason.CONNECTION_SILENT)).isEqualTo(1);
  }

  @Test
  void countsAClientThatDoesNotTakeTheCertificate() throws Exception {
    int port = ports.bind(ports.policies().forHttp(1));
    assertThatThrownBy(() -> TlsClient.verifying(TcpClient.from("127.0.0.2", port)).say("x"))
        .isInstanceOf(SSLHandshakeException.class);
    await()
        .untilAsserted(() -> assertThat(ports.counters().of(DropReason.TLS_BROKEN)).isEqualTo(1));
  }

  @Test
  void requiresTlsOfStrangers() {
    // All of 127.0.0.0/8 is this machine: what a stranger gets is decided without a socket.
    ClientConnection stranger =
        ports
            .policies()
            .forHttps(1)
            .admission(ports.quota())
            .admit(PeerAddress.v4(0xCB007107, 5))
            .orElseThrow();
    ByteString said =
        Source.single(ByteString.fromString("GET / HTTP/1.1"))
            .via(ports.policies().forHttps(1).flow(stranger, client -> Flow.of(ByteString.class)))
            .runFold(ByteString.emptyByteString(), ByteString::concat, ports.kit().system())
            .toCompletableFuture()
            .join();
    assertThat(said.isEmpty()).isTrue();
    assertThat(ports.counters().of(DropReason.TLS_MISSING)).isEqualTo(1);
  }
}
