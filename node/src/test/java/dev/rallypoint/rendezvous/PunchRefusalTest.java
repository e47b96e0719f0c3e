package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.rendezvous.Messages.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are refused, and answers that are not passed on to the requester. */
class PunchRefusalTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_456_300);
  @TempDir static Path data;
  private static TestNode node;

  /** An id of its own for each test: one id may register only so often. */
  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void ignoresAnAnswerByUdpThatNobodyAskedFor() {
    try (UdpClient target = node.udp().registered(id);
        UdpClient stranger = node.udp();
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      RendezvousMessage push = target.receive();

      stranger.send(sent(id, push));

      assertThat(stranger.nothingElseCame()).isTrue();
      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @Test
  void ignoresAnAnswerOfATargetThatWasNotAsked() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient stranger = node.control()) {
      requester.send(punch(request(node.key(), id)));
      RendezvousMessage push = target.receive();

      stranger.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleSent(sent(id, push).getPunchHoleSent().toBuilder().setId("987654321"))
              .build());
      stranger.receiveAll();

      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @Test
  void answersARepeatedRequestOnlyOnce() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control();
        TcpClient again = node.control()) {
      requester.send(punch(request(node.key(), id)));
      RendezvousMessage push = target.receive();
      requester.send(punch(request(node.key(), id)));
      assertThat(Pushed.socketAddr(target.receive())).isEqualTo(Pushed.socketAddr(push));
      answer.send(sent(id, push));
      requester.receive();

      again.send(sent(id, push));
      again.receiveAll();

      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @Test
  void dropsALocalAddressThatNobodyCanConnectTo() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(punch(request(node.key(), id)));
      target.receive();

      answer.send(
          RendezvousMessage.newBuilder()
              .setLocalAddr(
                  LocalAddr.newBuilder()
                      .setSocketAddr(AddressMangler.encode(requester.address(), 1))
                      .setId(id))
              .build());
      answer.receiveAll();

      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @Test
  void saysThatAnIdIsUnknown() {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), "404404404")));

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(response.getFailure()).isEqualTo(Failure.ID_NOT_EXIST);
      assertThat(response.getSocketAddr().isEmpty()).isTrue();
    }
  }

  @Test
  void saysThatTheKeyIsWrong() {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id).setLicenceKey("wrong")));

      assertThat(requester.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.LICENSE_MISMATCH);
    }
  }

  @Test
  void answersASecondRequestOnTheSameConnectionAfterAFailure() {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), "404404404")));
      requester.receive();

      requester.send(punch(request(node.key(), "404404405")));

      assertThat(requester.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.ID_NOT_EXIST);
    }
  }

  @Test
  void doesNotTakePunchRequestsByUdp() {
    try (UdpClient stranger = node.udp()) {
      long before = node.counters().of(DropReason.DATAGRAM_UNVERIFIED);

      stranger.send(punch(request(node.key(), id)));

      assertThat(stranger.nothingElseCame()).isTrue();
      assertThat(node.counters().of(DropReason.DATAGRAM_UNVERIFIED)).isGreaterThan(before);
    }
  }
}
