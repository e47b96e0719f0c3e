package dev.rallypoint.clustering;

import static dev.rallypoint.clustering.Calls.keyOf;
import static dev.rallypoint.clustering.Calls.leg;
import static dev.rallypoint.clustering.Calls.localAddr;
import static dev.rallypoint.clustering.Calls.online;
import static dev.rallypoint.clustering.Calls.punch;
import static dev.rallypoint.clustering.Calls.relay;
import static dev.rallypoint.clustering.Calls.relayed;
import static dev.rallypoint.clustering.Calls.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.AccessLines;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A on node 1, B at home on node 2, B's answers to node 3. */
class AcrossNodesTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_456_100);
  @TempDir static Path data;
  private static TestCluster cluster;
  private static TestNode first;
  private static TestNode second;
  private static TestNode third;

  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    cluster = TestCluster.of(3, data);
    first = cluster.node(1);
    second = cluster.node(2);
    third = cluster.node(3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void writesEachAccessEventAtTheNodeThatServedTheClient() {
    String uuid = "uuid-" + id;
    try (AccessLines log = new AccessLines();
        Target target = Target.Way.UDP.register(second, id);
        TcpClient requester = first.control().plain();
        TcpClient answer = third.control();
        TcpClient a = first.relay();
        TcpClient b = second.relay()) {
      requester.send(punch(first, id));
      answer.send(sent(id, target.push()));
      requester.receive();
      b.send(leg(second, uuid, ""));
      a.send(leg(first, uuid, id));
      a.sendFrame(new byte[1_000]); // with two bytes of header
      assertThat(b.receiveFrame()).hasSize(1_000);
      a.endOutput();
      b.endOutput();
      assertThat(a.receiveAll()).isEmpty();

      List<String> expected =
          List.of(
              "INFO registered id=%s via=udp change=new".formatted(id),
              "INFO punch kind=punch requester=%s target=%s verdict=direct"
                  .formatted(requester.address(), id),
              "INFO relay_started session=%s a=%s here=a type=default_conn"
                  .formatted(uuid, a.address()),
              "INFO relay_started session=%s b=%s here=b type=default_conn"
                  .formatted(uuid, b.address()),
              "INFO relay_ended session=%s a=%s here=a bytes=1002 seconds=* reason=finished"
                  .formatted(uuid, a.address()),
              "INFO relay_ended session=%s b=%s here=b bytes=1002 seconds=* reason=finished"
                  .formatted(uuid, b.address()));
      await()
          .untilAsserted(() ->
              assertThat(withoutNodes(log.all())).containsExactlyInAnyOrderElementsOf(expected));
    }
  }

  /** Without the other node's address, and without the port that the helper registered from. */
  private List<String> withoutNodes(List<String> lines) {
    return lines.stream()
        .filter(line -> line.contains(id))
        .map(line ->
            line.contains("here=a")
                ? line.replaceFirst(" b=\\S+", "")
                : line.replaceFirst(" a=\\S+", ""))
        .map(line -> line.startsWith("INFO reg") ? line.replaceFirst(" address=\\S+", "") : line)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void bringsTheTargetsTcpAnswerToTheRequester(Target.Way way) {
    try (Target target = way.register(second, id);
        TcpClient requester = first.control().secured(first.key());
        TcpClient answer = third.control()) {
      requester.send(punch(first, id));
      RendezvousMessage push = target.push();
      assertThat(AddressMangler.decode(push.getFetchLocalAddr().getSocketAddr()))
          .isEqualTo(requester.address());

      answer.send(sent(id, push));

      PunchHoleResponse response = requester.receive().getPunchHoleResponse();
      assertThat(AddressMangler.decode(response.getSocketAddr())).isEqualTo(answer.address());
      assertThat(SignedPeerKey.open(first.key(), new PeerId(id), response.getPk()))
          .contains(keyOf(id));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bringsAnAnswerByUdpOnceThoughItComesThreeTimesAndToTwoNodes(Target.Way way) {
    try (Target target = way.register(second, id);
        UdpClient punching = third.udp();
        UdpClient elsewhere = second.udp();
        TcpClient requester = first.control().plain()) {
      requester.send(punch(first, id, 4711));
      RendezvousMessage push = target.push();
      long before = first.counters().of(DropReason.ANSWER_DUPLICATE);

      punching.send(sent(id, push)).send(sent(id, push));
      elsewhere.send(sent(id, push));

      assertThat(requester.receive().getPunchHoleResponse().getIsUdp()).isTrue();
      await().until(() -> first.counters().of(DropReason.ANSWER_DUPLICATE) == before + 2);
      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bringsTheLocalAddressOfANeighbour(Target.Way way) {
    ByteString local = AddressMangler.encode(PeerAddress.v4(0x0A000005, 5000), 7);
    try (Target target = way.register(second, id);
        TcpClient requester = first.control().plain();
        TcpClient answer = third.control()) {
      requester.send(punch(first, id));
      target.push();

      answer.send(localAddr(id, requester.address(), local));

      assertThat(requester.receive().getPunchHoleResponse().getSocketAddr()).isEqualTo(local);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bringsTheRelayThatTheTargetChose(Target.Way way) {
    try (Target target = way.register(second, id);
        TcpClient requester = first.control().plain();
        TcpClient answer = third.control()) {
      requester.send(punch(first, id));
      RendezvousMessage push = target.push();

      answer.send(relayed(id, push));

      assertThat(requester.receive().getRelayResponse().getRelayServer()).isEqualTo("relay.of.b");
    }
  }

  @ParameterizedTest
  @EnumSource
  void bringsTheAnswerToARelayRequest(Target.Way way) {
    try (Target target = way.register(second, id);
        TcpClient punching = third.control().plain();
        TcpClient punched = second.control();
        TcpClient requester = first.control().plain();
        TcpClient answer = third.control()) {
      punching.send(punch(third, id));
      punched.send(sent(id, target.push()));
      punching.receive();

      requester.send(relay(id));
      RendezvousMessage push = target.push();
      assertThat(push.getRequestRelay().getUuid()).isEqualTo("a-uuid");
      assertThat(push.getRequestRelay().getRelayServer()).isEqualTo("relay.of.b");

      answer.send(relayed("", push));

      assertThat(requester.receive().getRelayResponse().getRefuseReason()).isEmpty();
    }
  }

  @Test
  void bringsNoAnswerOfATargetThatWasNotAsked() {
    try (Target target = Target.Way.UDP.register(second, id);
        TcpClient requester = first.control().plain();
        TcpClient answer = third.control()) {
      requester.send(punch(first, id));
      RendezvousMessage push = target.push();
      long before = first.counters().of(DropReason.ANSWER_UNASKED);

      answer.send(sent("987654321", push));

      await().until(() -> first.counters().of(DropReason.ANSWER_UNASKED) > before);
      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @Test
  void findsAPeerWhereItIsAfterItMovedAndMovedBack() {
    try (UdpClient before = second.udp().registered(id);
        UdpClient there = third.udp();
        UdpClient back = second.udp()) {
      assertThat(there.beat(id)).isTrue();
      there.registered(id);
      reach(Target.of(there));
      await().until(() -> online(second, List.of(id)).equals(List.of(0)));
      assertThat(back.beat(id)).isTrue();
      back.registered(id);
      reach(Target.of(back));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP", "WEB_SOCKET"})
  void findsAPeerWhereItIsAfterItMovedFromALinkOfOneNodeToALinkOfAnother(Target.Way way) {
    try (Target before = way.register(second, id);
        Target after = way.register(third, id)) {
      reach(after);
    }
  }

  @Test
  void takesAPeerBackWhoseFormerHomeStillHadItsHeartbeatsAnswered() {
    try (UdpClient atSecond = second.udp().registered(id);
        UdpClient atThird = third.udp()) {
      atThird.beatAndProve(id);
      await().until(() -> atSecond.beat(id)); // the lease there was revoked: its entity is asked

      atSecond.registered(id);

      reach(Target.of(atSecond));
    }
  }

  @Test
  void saysOfflineOnceTheLinkIsGoneThatAPeerOfAnotherNodeWasAtHomeOn() {
    Target.Way.TCP.register(second, id).close();

    await().until(() -> refusal(id) == Failure.OFFLINE);
  }

  @Test
  void tellsWhoIsOnlineOnAllNodes() {
    List<String> ids =
        Stream.iterate(NEXT.incrementAndGet(), n -> NEXT.incrementAndGet())
            .limit(4)
            .map(String::valueOf)
            .toList();
    try (Target one = Target.Way.UDP.register(first, ids.get(0));
        Target two = Target.Way.WEB_SOCKET.register(second, ids.get(1));
        Target three = Target.Way.TCP.register(third, ids.get(3))) {
      for (int node = 1; node <= 3; node++) {
        assertThat(online(cluster.node(node), ids)).containsExactly(0, 1, 3);
      }
    }
  }

  private void reach(Target target) {
    assertThat(new Requests(first, third).reach(target, id)).isEqualTo("reached");
  }

  private static Failure refusal(String target) {
    try (TcpClient requester = first.control().plain()) {
      return requester.send(punch(first, target)).receive().getPunchHoleResponse().getFailure();
    }
  }
}
