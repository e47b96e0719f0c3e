package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.newerThanUs;
import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.relay;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.rendezvous.Messages.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.PushSize;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests without end, and long ones: what they make the node send to a target. */
class PushStormTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_457_400);
  private static final int REQUESTS = 200;
  @TempDir static Path data;
  private static TestNode node;

  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static long dropped() {
    Counters counters = node.counters();
    return counters.of(DropReason.PUSH_TOO_FREQUENT) + counters.of(DropReason.PUSH_UNANSWERED);
  }

  private RendezvousMessage relayRequest() {
    return RendezvousMessage.newBuilder().setRequestRelay(relay(id).clearRelayServer()).build();
  }

  /** Sends the same message again and again, and waits until all of them have been served. */
  private static void storm(TcpClient requester, RendezvousMessage message) {
    long before = dropped();
    Stream.generate(() -> message).limit(REQUESTS).forEach(requester::send);
    await().until(() -> dropped() > before + REQUESTS - 40);
    assertThat(requester.nothingElseCame()).isTrue();
  }

  /** How many pushes have arrived. */
  private static long pushes(UdpClient target) {
    target.send(UdpClient.beatOf("nobody"));
    return Stream.generate(target::receive)
        .takeWhile(message -> !message.hasRegisterPeerResponse())
        .count();
  }

  @Test
  void ofPunchRequestsReachesATargetThatNeverAnswersInAFewPushes() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      storm(requester, punch(request(node.key(), id)));

      assertThat(pushes(target)).isBetween(8L, 12L);
    }
  }

  @Test
  void ofRelayRequestsReachesATargetInAFewPushes() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      target.receive();

      storm(requester, relayRequest());

      assertThat(pushes(target)).isBetween(7L, 12L);
    }
  }

  @Test
  void ofPunchRequestsReachesALinkInAFewPushes() {
    try (TcpClient target = node.control().secured(node.key());
        TcpClient requester = node.control().plain()) {
      target.send(UdpClient.claimOf(id, "uuid of " + id, id.hashCode())).receive();

      storm(requester, punch(request(node.key(), id)));

      target.send(TcpClient.NAT_TEST);
      assertThat(
              Stream.generate(target::receive)
                  .takeWhile(message -> !message.hasTestNatResponse())
                  .count())
          .isBetween(8L, 40L);
    }
  }

  @Test
  void leavesTheNextRequesterItsPush() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient before = node.control().plain();
        TcpClient answer = node.control();
        TcpClient storming = TcpClient.from("127.0.0.8", node.port()).plain();
        TcpClient requester = TcpClient.from("127.0.0.7", node.port()).plain()) {
      before.send(punch(request(node.key(), id)));
      answer.send(sent(id, target.receive()));
      before.receive();
      storm(storming, punch(request(node.key(), id)));
      pushes(target);

      requester.send(punch(request(node.key(), id)));

      assertThat(target.receive().hasPunchHole()).isTrue();
    }
  }

  @Test
  void reachesNobodyByManyIdsThatAreRegisteredFromOneAddress() {
    try (UdpClient victim = node.udp();
        TcpClient requester = node.control().plain()) {
      for (int i = 0; i < 20; i++) {
        victim.registered(id + i);
      }
      long before = dropped();

      for (int i = 0; i < 20; i++) {
        requester.send(punch(request(node.key(), id + i)));
        requester.send(punch(request(node.key(), id + i)));
      }

      await().until(() -> dropped() >= before + 28);
      assertThat(pushes(victim)).isBetween(8L, 12L);
    }
  }

  @Test
  void sendsNoLongPush() {
    UnknownFieldSet.Field longField =
        UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(ByteString.copyFrom(new byte[30_000]))
            .build();
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      requester.send(
          punch(request(node.key(), id).setSocketAddrV6(ByteString.copyFrom(new byte[30_000]))));
      assertThat(target.receive().getSerializedSize()).isLessThanOrEqualTo(PushSize.MAX);

      requester.send(
          RendezvousMessage.newBuilder()
              .setRequestRelay(
                  relay(id)
                      .clearRelayServer()
                      .setUnknownFields(
                          UnknownFieldSet.newBuilder().addField(90, longField).build()))
              .build());

      assertThat(target.receive().getSerializedSize()).isLessThanOrEqualTo(PushSize.MAX);
    }
  }

  @Test
  void keepsFieldsNewerThanUsThatAreShort() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      target.receive();

      requester.send(
          RendezvousMessage.newBuilder()
              .setRequestRelay(relay(id).clearRelayServer().setUnknownFields(newerThanUs()))
              .build());

      assertThat(target.receive().getRequestRelay().getUnknownFields()).isEqualTo(newerThanUs());
    }
  }

  @Test
  void refusesARelayRequestThatCannotBeMadeShort() {
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      target.receive();

      requester.send(
          RendezvousMessage.newBuilder()
              .setRequestRelay(relay(id).clearRelayServer().setUuid("x".repeat(8_000)))
              .build());

      assertThat(requester.receive().getRelayResponse().getRefuseReason()).isNotEmpty();
      assertThat(target.nothingElseCame()).isTrue();
    }
  }
}
