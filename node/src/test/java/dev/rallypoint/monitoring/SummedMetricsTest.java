package dev.rallypoint.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What three nodes export, added up, is what clients did at all of them, to the unit. */
class SummedMetricsTest {
  private static final String AT_TWO = "620000001";
  private static final String AT_THREE = "620000002";
  private static final String UNKNOWN = "620000099";
  private static final String RELAY = "relay.of.b";
  private static final String STRANGER = "127.0.0.7";

  /** All refusals and drops; each of their reasons is compared, those at 0 too. */
  private static final String REASONS =
      "rallypoint_(registrations_refused|punch_requests_refused|relay_requests_refused|dropped)"
          + "_total\\{.*";

  @TempDir static Path data;
  private static TestCluster cluster;

  private final Map<String, Double> expected = new TreeMap<>();

  @BeforeAll
  static void start() {
    cluster = TestCluster.of(3, data, TestSettings::management);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static TestNode node(int number) {
    return cluster.node(number);
  }

  /** The values of these series, and of all reasons, added up over the nodes. */
  private Map<String, Double> sums() throws Exception {
    Map<String, Double> sums = new TreeMap<>();
    for (int number = 1; number <= 3; number++) {
      Scrape.of(node(number))
          .samples()
          .forEach((series, value) -> {
            if (expected.containsKey(series) || series.matches(REASONS)) {
              sums.merge(series, value, Double::sum);
            }
          });
    }
    return sums;
  }

  private void expect(String series, double count) {
    expected.merge("rallypoint_" + series, count, Double::sum);
  }

  @Test
  void areWhatAScriptedRunSent() throws Exception {
    sums().keySet().forEach(series -> expected.put(series, 0.0));
    try (UdpClient target = node(2).udp().registered(AT_TWO);
        TcpClient linked = node(3).control().secured(node(3).key())) {
      linked.send(UdpClient.claimOf(AT_THREE, "uuid of " + AT_THREE, 3));
      assertThat(linked.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      expect("registrations_accepted_total", 2);
      expect("peers_at_home", 2);
      refuseRegistration();
      refusePunches();
      refuseARelay();
      punch(target);
      punch(linked);
      askForARelay(target);
      askForWhoIsOnline();
      testNat();
      relay("uuid-over-two-nodes", node(1), node(2));
      expect("backhaul_sessions_total", 1);
      expect("backhaul_bytes_total", 1_504);
      relay("uuid-on-one-node", node(3), node(3));
      expect("relay_sessions_open", 0);
      expect("relay_legs_waiting", 0);

      await().untilAsserted(() -> assertThat(sums()).containsExactlyInAnyOrderEntriesOf(expected));
    }
  }

  private void refuseRegistration() {
    try (UdpClient thief = node(1).udp()) {
      assertThat(thief.register(AT_TWO, "another device", 9)).isEqualTo(Result.UUID_MISMATCH);
      expect("registrations_refused_total{reason=\"uuid_mismatch\"}", 1);
    }
  }

  private void refusePunches() {
    refused(node(1), UNKNOWN, node(1).key().text(), Failure.ID_NOT_EXIST);
    refused(node(2), UNKNOWN, node(1).key().text(), Failure.ID_NOT_EXIST);
    refused(node(3), AT_TWO, "a wrong key", Failure.LICENSE_MISMATCH);
    expect("punch_requests_refused_total{reason=\"id_not_exist\"}", 2);
    expect("punch_requests_refused_total{reason=\"license_mismatch\"}", 1);
    expect("dropped_total{reason=\"access_key\"}", 1);
  }

  private void refused(TestNode asked, String target, String key, Failure why) {
    try (TcpClient requester = asked.control().plain()) {
      requester.send(punchRequest(target, key));
      assertThat(requester.receive().getPunchHoleResponse().getFailure()).isEqualTo(why);
      expect("punch_requests_total", 1);
    }
  }

  /** Asked at node 1 for a peer of node 2, which answers to node 3. */
  private void punch(UdpClient target) {
    try (TcpClient requester = node(1).control().plain();
        TcpClient answer = node(3).control()) {
      requester.send(punchRequest(AT_TWO, node(1).key().text()));
      answer.send(sent(AT_TWO, target.receive()));
      delivered(requester);
    }
  }

  /** Asked at node 2 for a peer of node 3, which answers to node 1. */
  private void punch(TcpClient target) {
    try (TcpClient requester = node(2).control().plain();
        TcpClient answer = node(1).control()) {
      requester.send(punchRequest(AT_THREE, node(2).key().text()));
      answer.send(sent(AT_THREE, target.receive()));
      delivered(requester);
    }
  }

  private void delivered(TcpClient requester) {
    assertThat(requester.receive().getPunchHoleResponse().getSocketAddr()).isNotEmpty();
    expect("punch_requests_total", 1);
    expect("answers_delivered_total", 1);
    expect("punch_answer_seconds_count", 1);
  }

  /** Asked at another node than the punch was. */
  private void askForARelay(UdpClient target) {
    try (TcpClient requester = node(3).control().plain();
        TcpClient answer = node(1).control()) {
      requester.send(relayRequest(AT_TWO, "", "a-uuid"));
      answer.send(
          RendezvousMessage.newBuilder()
              .setRelayResponse(
                  RelayResponse.newBuilder()
                      .setSocketAddr(Pushed.socketAddr(target.receive()))
                      .setUuid("a-uuid")
                      .setRelayServer(RELAY)
                      .setVersion("1.4.9"))
              .build());
      assertThat(requester.receive().getRelayResponse().getRefuseReason()).isEmpty();
      expect("relay_requests_total", 1);
      expect("answers_delivered_total", 1);
      expect("punch_answer_seconds_count", 1);
    }
  }

  /** By a host that nobody admitted, for a target that nobody asked for yet. */
  private void refuseARelay() {
    try (TcpClient stranger = TcpClient.between(STRANGER, node(2).ip(), node(2).port()).plain()) {
      stranger.send(relayRequest(AT_TWO, "", "another-uuid"));
      assertThat(stranger.receive().getRelayResponse().getRefuseReason()).isNotEmpty();
      expect("relay_requests_total", 1);
      expect("relay_requests_refused_total{reason=\"unadmitted\"}", 1);
      expect("dropped_total{reason=\"request_unadmitted\"}", 1);
    }
  }

  private void askForWhoIsOnline() {
    try (TcpClient asker = node(1).natTest()) {
      asker.send(
          RendezvousMessage.newBuilder()
              .setOnlineRequest(
                  OnlineRequest.newBuilder().setId("me").addPeers(AT_TWO).addPeers(AT_THREE))
              .build());
      assertThat(asker.receive().hasOnlineResponse()).isTrue();
      expect("online_queries_total", 1);
    }
  }

  private void testNat() {
    for (int number = 1; number <= 3; number++) {
      try (TcpClient client = node(number).natTest()) {
        client.send(
            RendezvousMessage.newBuilder().setTestNatRequest(TestNatRequest.newBuilder()).build());
        assertThat(client.receive().hasTestNatResponse()).isTrue();
        expect("nat_tests_total", 1);
      }
    }
  }

  /** A session with 1,002 bytes to one side and 502 to the other, headers of frames included. */
  private void relay(String uuid, TestNode ofA, TestNode ofB) {
    try (TcpClient b = ofB.relay();
        TcpClient a = ofA.relay()) {
      b.send(relayRequest("", ofB.key().text(), uuid));
      a.send(relayRequest(AT_TWO, ofA.key().text(), uuid));
      a.sendFrame(new byte[1_000]);
      assertThat(b.receiveFrame()).hasSize(1_000);
      b.sendFrame(new byte[500]);
      assertThat(a.receiveFrame()).hasSize(500);
      a.endOutput();
      b.endOutput();
      assertThat(a.receiveAll()).isEmpty();
      assertThat(b.receiveAll()).isEmpty();
      expect("relay_legs_total", 2);
      expect("relay_sessions_total", 1);
      expect("relay_pair_seconds_count", 1);
      expect("relay_bytes_total", 1_504);
    }
  }

  private static RendezvousMessage punchRequest(String target, String key) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(target)
                .setLicenceKey(key)
                .setNatType(NatType.ASYMMETRIC))
        .build();
  }

  private static RendezvousMessage sent(String target, RendezvousMessage push) {
    ByteString socketAddr = Pushed.socketAddr(push);
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setId(target)
                .setSocketAddr(socketAddr)
                .setRelayServer(RELAY)
                .setVersion("1.4.9"))
        .build();
  }

  private static RendezvousMessage relayRequest(String target, String key, String uuid) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder()
                .setId(target)
                .setUuid(uuid)
                .setLicenceKey(key)
                .setRelayServer(RELAY))
        .build();
  }
}
