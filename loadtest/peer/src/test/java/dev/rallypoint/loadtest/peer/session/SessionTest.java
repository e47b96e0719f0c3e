package dev.rallypoint.loadtest.peer.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.peer.transport.PeerConnection;
import dev.rallypoint.loadtest.peer.transport.UdpPeerConnection;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Test
  void exchangesBytesOverTcp() throws Exception {
    try (TcpPeerPair pair = TcpPeerPair.open()) {
      serve(pair.far());

      ExchangeResult exchange = requester(pair.near(), SessionPath.PUNCHED_TCP).exchange(1_000_001);

      assertThat(exchange.isIntact()).isTrue();
      assertThat(exchange.payloads()).isEqualTo(16);
      assertThat(exchange.sent()).isNotEqualTo(exchange.received());
    }
  }

  @Test
  void skipsPayloadsBeforeTheTransfer() throws Exception {
    try (TcpPeerPair pair = TcpPeerPair.open()) {
      pair.far().send("a signed id".getBytes(StandardCharsets.UTF_8));
      pair.near().send(new byte[0]);
      serve(pair.far());

      ExchangeResult exchange = requester(pair.near(), SessionPath.RELAYED_BY_TARGET).exchange(10);

      assertThat(exchange.isIntact()).isTrue();
    }
  }

  @Test
  void detectsChangedBytes() {
    ExchangeResult changed = new ExchangeResult(1, 1, "aa", "aa", "bb", "bc", Duration.ZERO);

    assertThat(changed.isIntact()).isFalse();
  }

  @Test
  void exchangesNumberedDatagramsThroughALossyPath() throws Exception {
    try (DatagramSocket near = loopback();
        DatagramSocket far = loopback();
        LossyUdpPath path = LossyUdpPath.between(near, far)) {
      FutureTask<PeerConnection> farConnection = punch(far, path.farSide());
      PeerConnection nearConnection = punch(near, path.nearSide()).get();
      serve(farConnection.get());

      try (Session session = requester(nearConnection, SessionPath.PUNCHED_UDP)) {
        ExchangeResult exchange = session.exchange(20_000);

        assertThat(exchange.isIntact()).isTrue();
        assertThat(exchange.payloads()).isEqualTo(20);
        assertThat(path.lost()).isPositive();
      }
    }
  }

  private static FutureTask<PeerConnection> punch(DatagramSocket socket, SocketAddress peer) {
    FutureTask<PeerConnection> punched =
        new FutureTask<>(() -> UdpPeerConnection.punch(socket, (InetSocketAddress) peer, LONG));
    Thread.ofVirtual().start(punched);
    return punched;
  }

  private static Session requester(PeerConnection connection, SessionPath path) {
    RendezvousMessage answer = RendezvousMessage.getDefaultInstance();
    return Session.ofRequester(connection, path, Optional.empty(), false, answer, () -> {});
  }

  private static void serve(PeerConnection connection) {
    Session session =
        Session.ofTarget(connection, SessionPath.PUNCHED_TCP, Optional.empty(), () -> {});
    Thread.ofVirtual()
        .start(() -> {
          try {
            session.serve();
          } catch (IOException closed) {
            // The test has ended.
          }
        });
  }

  private static DatagramSocket loopback() throws IOException {
    return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }
}
