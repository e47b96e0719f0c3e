package dev.rallypoint.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

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
    try (Wire wire = Wire.open()) {
      serve(wire.far());

      Exchange exchange = requester(wire.near(), SessionPath.PUNCHED_TCP).exchange(1_000_001);

      assertThat(exchange.isIntact()).isTrue();
      assertThat(exchange.payloads()).isEqualTo(16);
      assertThat(exchange.sent()).isNotEqualTo(exchange.received());
    }
  }

  @Test
  void skipsWhatTheTargetSaidInClearBeforeIt() throws Exception {
    try (Wire wire = Wire.open()) {
      wire.far().send("a signed id".getBytes(StandardCharsets.UTF_8));
      wire.near().send(new byte[0]);
      serve(wire.far());

      Exchange exchange = requester(wire.near(), SessionPath.RELAYED_BY_TARGET).exchange(10);

      assertThat(exchange.isIntact()).isTrue();
    }
  }

  @Test
  void seesThatBytesWereDamaged() {
    Exchange damaged = new Exchange(1, 1, "aa", "aa", "bb", "bc", Duration.ZERO);

    assertThat(damaged.isIntact()).isFalse();
  }

  @Test
  void exchangesNumberedDatagramsThroughALossyPath() throws Exception {
    try (DatagramSocket near = loopback();
        DatagramSocket far = loopback();
        LossyPath path = LossyPath.between(near, far)) {
      FutureTask<PeerPipe> farPipe = punch(far, path.farSide());
      PeerPipe nearPipe = punch(near, path.nearSide()).get();
      serve(farPipe.get());

      try (Session session = requester(nearPipe, SessionPath.PUNCHED_UDP)) {
        Exchange exchange = session.exchange(20_000);

        assertThat(exchange.isIntact()).isTrue();
        assertThat(exchange.payloads()).isEqualTo(20);
        assertThat(path.lost()).isPositive();
      }
    }
  }

  private static FutureTask<PeerPipe> punch(DatagramSocket socket, SocketAddress peer) {
    FutureTask<PeerPipe> pipe =
        new FutureTask<>(() -> DatagramPipe.punch(socket, (InetSocketAddress) peer, LONG));
    Thread.ofVirtual().start(pipe);
    return pipe;
  }

  private static Session requester(PeerPipe pipe, SessionPath path) {
    RendezvousMessage answer = RendezvousMessage.getDefaultInstance();
    return Session.ofRequester(pipe, path, Optional.empty(), false, answer, () -> {});
  }

  private static void serve(PeerPipe pipe) {
    Session session = Session.ofTarget(pipe, SessionPath.PUNCHED_TCP, Optional.empty(), () -> {});
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
