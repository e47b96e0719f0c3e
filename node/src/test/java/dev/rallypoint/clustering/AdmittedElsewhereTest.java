package dev.rallypoint.clustering;

import static dev.rallypoint.clustering.Calls.punch;
import static dev.rallypoint.clustering.Calls.relay;
import static dev.rallypoint.clustering.Calls.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
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

/**
 * A cluster of two: what one node has admitted, pushed or proved counts on the other one, without
 * the database.
 */
class AdmittedElsewhereTest {
  private static final AtomicInteger NEXT = new AtomicInteger(123_457_500);
  @TempDir static Path data;
  private static TestCluster cluster;
  private static TestNode first;
  private static TestNode second;

  private final String id = Integer.toString(NEXT.incrementAndGet());

  @BeforeAll
  static void start() {
    cluster = TestCluster.of(2, data);
    first = cluster.node(1);
    second = cluster.node(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static RendezvousMessage relayBy(String id, String name) {
    RendezvousMessage.Builder message = relay(id).toBuilder();
    message.getRequestRelayBuilder().setRelayServer(name);
    return message.build();
  }

  private static String refusal(TcpClient requester) {
    return requester.receive().getRelayResponse().getRefuseReason();
  }

  @Test
  void doesNotAskTheDatabaseForAPunch() {
    try (Target target = Target.Way.UDP.register(second, id);
        TcpClient requester = first.control().plain();
        TcpClient answer = second.control()) {
      List<String> before = callsOfPeerTable();

      requester.send(punch(first, id));
      answer.send(sent(id, target.push()));

      assertThat(requester.receive().getPunchHoleResponse().getSocketAddr()).isNotEmpty();
      assertThat(callsOfPeerTable()).isEqualTo(before).isNotEmpty();
    }
  }

  /** How often each node has found or saved a row, registrations of other tests included. */
  private static List<String> callsOfPeerTable() {
    return Stream.of(first, second)
        .flatMap(node -> node.counters().text().lines())
        .filter(line -> line.matches("rallypoint_store_call_seconds_count.*\"(find|save)\".*"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aRelayRequestFollowsThePunchRequestOfTheOtherNode(Target.Way way) {
    try (Target target = way.register(second, id);
        TcpClient punching = first.control().plain();
        TcpClient punched = second.control();
        TcpClient requester = second.control().plain()) {
      punching.send(punch(first, id));
      punched.send(sent(id, target.push()));
      punching.receive();

      requester.send(relay(id));

      assertThat(target.push().getRequestRelay().getRelayServer()).isEqualTo("relay.of.b");
    }
  }

  @Test
  void aStrangersRelayRequestIsRefusedOnBoth() {
    try (Target target = Target.Way.UDP.register(second, id);
        TcpClient one = first.control().plain();
        TcpClient other = second.control().plain();
        TcpClient honest = first.control().plain()) {
      assertThat(refusal(one.send(relayBy(id, "evil.test")))).isNotEmpty();
      assertThat(refusal(other.send(relayBy(id, "evil.test")))).isNotEmpty();

      honest.send(punch(first, id));

      assertThat(target.push().hasRequestRelay()).isFalse();
    }
  }

  @Test
  void aRelayThatNobodyNamedIsReplacedByTheOneThatTheTargetNamedOnTheOtherNode() {
    try (Target target = Target.Way.UDP.register(second, id);
        TcpClient punching = first.control().plain();
        TcpClient punched = second.control();
        TcpClient requester = second.control().plain()) {
      punching.send(punch(first, id));
      punched.send(sent(id, target.push()));
      punching.receive();

      requester.send(relayBy(id, "evil.test"));

      assertThat(target.push().getRequestRelay().getRelayServer()).isEqualTo("relay.of.b");
    }
  }

  @Test
  void aForgedAnswerOnTheOtherNodeIsNotPassedOn() {
    try (Target target = Target.Way.UDP.register(second, id);
        TcpClient requester = first.control().plain();
        TcpClient stranger = second.control()) {
      requester.send(punch(first, id));
      target.push();
      long before = first.counters().of(DropReason.ANSWER_UNPROVEN);

      stranger.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleSent(
                  PunchHoleSent.newBuilder()
                      .setSocketAddr(AddressMangler.encode(requester.address(), 12345))
                      .setId(id))
              .build());

      await().until(() -> first.counters().of(DropReason.ANSWER_UNPROVEN) == before + 1);
      assertThat(requester.nothingElseCame()).isTrue();
    }
  }

  @Test
  void pushesAreHeldToTheirPaceWhereTheTargetIsAtHome() {
    try (Target target = Target.Way.UDP.register(second, id);
        TcpClient one = first.control().plain();
        TcpClient other = second.control().plain()) {
      long before = second.counters().of(DropReason.PUSH_UNANSWERED);

      Stream.generate(() -> punch(first, id))
          .limit(20)
          .forEach(message -> {
            one.send(message);
            other.send(message);
          });

      await()
          .until(() ->
              second.counters().of(DropReason.PUSH_UNANSWERED)
                      + second.counters().of(DropReason.PUSH_TOO_FREQUENT)
                  >= before + 40 - 12);
      assertThat(target.push().hasFetchLocalAddr()).isTrue();
    }
  }
}
