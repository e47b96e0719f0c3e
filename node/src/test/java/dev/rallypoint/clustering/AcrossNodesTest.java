package dev.rallypoint.clustering;

import static dev.rallypoint.clustering.Calls.keyOf;
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
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
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

  @ParameterizedTest
  @EnumSource
  void findsAPeerWhereItIsAfterItMovedAndMovedBack(Target.Way way) {
    try (Target before = way.register(second, id)) {
      reach(before);
      try (UdpClient there = third.udp()) {
        assertThat(there.beat(id)).isFalse();
        reach(Target.of(there));
        await().until(() -> online(second, List.of(id)).equals(List.of(0)));
      }
      try (UdpClient back = second.udp()) {
        assertThat(back.beat(id)).isFalse();
        reach(Target.of(back));
      }
    }
  }

  @Test
  void takesAPeerBackWhoseFormerHomeStillHadItsHeartbeatsAnswered() {
    try (UdpClient atSecond = second.udp().registered(id);
        UdpClient atThird = third.udp()) {
      atThird.beat(id);
      long asked = hops(Hop.HEARTBEAT);
      await()
          .untilAsserted(() -> {
            atSecond.beat(id); // the lease there was revoked: its entity is asked
            assertThat(hops(Hop.HEARTBEAT)).isGreaterThan(asked);
          });

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

  private static long hops(Hop kind) {
    return Stream.of(first, second, third).mapToLong(node -> node.counters().of(kind)).sum();
  }
}
