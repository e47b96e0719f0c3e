package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.testing.TestCertificate;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backhaul connections between nodes that show each other certificates. */
class BackhaulTlsTest {
  private static final long MEGA = 1024L * 1024;
  private static final TestCertificate NODES = TestCertificate.of("nodes.test", "EC");

  @TempDir private static Path data;
  private static RelayCluster cluster;

  @BeforeAll
  static void start() {
    cluster = RelayCluster.of(2, data, NODES.trusting(NODES));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static InetSocketAddress backhaul() {
    BackhaulAddress address = cluster.node(1).server().backhaulAddress();
    return new InetSocketAddress(address.host(), address.port());
  }

  @Test
  void carriesTenMegabytesBothWaysAtOnceAndThenAHalfClose() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("tls");
        RelayClient b = cluster.node(2).sideB("tls")) {
      var sentByA = RelayClient.async(() -> a.sendRandom(1, 10 * MEGA));
      var sentByB = RelayClient.async(() -> b.sendRandom(2, 10 * MEGA));
      var receivedByB = RelayClient.async(() -> b.hashOf(10 * MEGA));
      assertThat(a.hashOf(10 * MEGA)).isEqualTo(sentByB.join());
      assertThat(receivedByB.join()).isEqualTo(sentByA.join());
      a.endOutput();
      assertThat(b.read()).isEqualTo(-1);
      byte[] last = b.sendRandom(3, MEGA);
      b.endOutput();
      assertThat(a.hashOf(Long.MAX_VALUE)).isEqualTo(last);
    }
    cluster.awaitSessions(0);
  }

  @Test
  void passesAResetOn() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("tls-reset");
        RelayClient b = cluster.node(2).sideB("tls-reset").send("?")) {
      assertThat(a.receive(1)).isEqualTo("?");
      a.reset();
      assertThatThrownBy(b::read).isInstanceOf(SocketException.class);
    }
    cluster.awaitSessions(0);
  }

  @Test
  void aPlainConnectionIsNobody() throws Exception {
    long before = cluster.node(1).counters().of(DropReason.TLS_BROKEN);
    try (RelayClient plain = RelayClient.connect(backhaul()).send(new byte[Ticket.SIZE])) {
      assertThat(plain.isClosedInTheEnd()).isTrue(); // it hears an alert first
    }
    await().until(() -> cluster.node(1).counters().of(DropReason.TLS_BROKEN) == before + 1);
  }

  @Test
  void aStrangersCertificateIsNotTaken() throws Exception {
    TestCertificate stranger = TestCertificate.of("nodes.test", "EC");
    assertThatThrownBy(() -> shake(stranger.trusting(NODES))).isInstanceOf(Exception.class);
    assertThatThrownBy(() -> shake(TestCertificate.trustingAll())).isInstanceOf(Exception.class);
  }

  @Test
  void anotherNodesCertificateIsTaken() throws Exception {
    assertThat(shake(NODES.trusting(NODES))).isEqualTo(-1); // the ticket is nobody's
  }

  private static int shake(SSLContext context) throws Exception {
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
      socket.connect(backhaul());
      socket.setSoTimeout(20_000);
      socket.startHandshake();
      socket.getOutputStream().write(new byte[Ticket.SIZE]);
      // The handshake of TLS 1.3 is over for the client before the server has looked at it.
      InputStream answers = socket.getInputStream();
      return answers.read();
    }
  }
}
