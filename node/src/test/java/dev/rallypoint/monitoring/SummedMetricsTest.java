package dev.rallypoint.monitoring;

import static dev.rallypoint.monitoring.ScriptedMessages.RELAY;
import static dev.rallypoint.monitoring.ScriptedMessages.punchRequest;
import static dev.rallypoint.monitoring.ScriptedMessages.relayRequest;
import static dev.rallypoint.monitoring.ScriptedMessages.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.testing.AccessLines;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What three nodes export and write as access events, added up, is what clients did at all of them,
 * to the unit.
 */
class SummedMetricsTest {
  private static final String AT_TWO = "620000001";
  private static final String AT_THREE = "620000002";
  private static final String UNKNOWN = "620000099";
  private static final String STRANGER = "127.0.0.7";

  /** All refusals and drops; each of their reasons is compared, those at 0 too. */
  private static final String REASONS =
      "rallypoint_(registrations_refused|punch_requests_refused|relay_requests_refused|dropped)"
          + "_total\\{.*";

  @TempDir static Path data;
  private static TestCluster cluster;

  private final Map<String, Double> expected = new TreeMap<>();
  private final List<String> events = new ArrayList<>();

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

  /** Access events without addresses, and without those of registrations that change nothing. */
  private static List<String> eventsOf(AccessLines lines) {
    return lines.all().stream()
        .filter(line -> !line.startsWith("DEBUG"))
        .map(line -> line.replaceAll(" (address|requester|a|b)=\\S+", ""))
        .toList();
  }

  private void expectEvent(String line, Object... values) {
    events.add(line.formatted(values));
  }

  private void expect(String series, double count) {
    expected.merge("rallypoint_" + series, count, Double::sum);
  }

  @Test
  void areWhatAScriptedRunSent() throws Exception {
    sums().keySet().forEach(series -> expected.put(series, 0.0));
    try (AccessLines lines = new AccessLines();
        UdpClient target = node(2).udp().registered(AT_TWO);
        TcpClient linked = node(3).control().secured(node(3).key())) {
      linked.send(UdpClient.claimOf(AT_THREE, "uuid of " + AT_THREE, 3));
      assertThat(linked.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      expect("registrations_accepted_total", 2);
      expect("peers_at_home", 2);
      expectEvent("INFO registered id=%s via=udp change=new", AT_TWO);
      expectEvent("INFO registered id=%s via=link change=new", AT_THREE);
      refuseRegistration();
      refusePunches();
      refuseARelay();
      punch(target);
      punch(linked);
      askForARelay(target);
      askForWhoIsOnline();
      testNat();
      relay("uuid-over-two-nodes", node(1), node(2));
      expectRelay("uuid-over-two-nodes", "a");
      expectRelay("uuid-over-two-nodes", "b");
      expect("backhaul_sessions_total", 1);
      expect("backhaul_bytes_total", 1_504);
      relay("uuid-on-one-node", node(3), node(3));
      expectRelay("uuid-on-one-node", "both");
      expect("relay_sessions_open", 0);
      expect("relay_legs_waiting", 0);

      await()
          .untilAsserted(
              () -> assertThat(eventsOf(lines)).containsExactlyInAnyOrderElementsOf(events));
      await().untilAsserted(() -> assertThat(sums()).containsExactlyInAnyOrderEntriesOf(expected));
    }
  }

  private void refuseRegistration() {
    try (UdpClient thief = node(1).udp()) {
      assertThat(thief.register(AT_TWO, "another device", 9)).isEqualTo(Result.UUID_MISMATCH);
      expect("registrations_refused_total{reason=\"uuid_mismatch\"}", 1);
      expectEvent("INFO refused reason=uuid_mismatch what=registration id=%s", AT_TWO);
    }
  }

  private void refusePunches() {
    refused(node(1), UNKNOWN, node(1).key().text(), Failure.ID_NOT_EXIST);
    refused(node(2), UNKNOWN, node(1).key().text(), Failure.ID_NOT_EXIST);
    refused(node(3), AT_TWO, "a wrong key", Failure.LICENSE_MISMATCH);
    expect("punch_requests_refused_total{reason=\"id_not_exist\"}", 2);
    expect("punch_requests_refused_total{reason=\"license_mismatch\"}", 1);
    expect("dropped_total{reason=\"access_key\"}", 1);
    expectEvent("INFO punch kind=punch target=%s verdict=unknown", UNKNOWN);
    expectEvent("INFO punch kind=punch target=%s verdict=unknown", UNKNOWN);
    expectEvent(
        "WARN refused reason=access_key what=punch id=%s key=%s",
        AT_TWO, AccessKey.fingerprint("a wrong key"));
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
      expectEvent("INFO punch kind=punch target=%s verdict=direct", AT_TWO);
    }
  }

  /** Asked at node 2 for a peer of node 3, which answers to node 1. */
  private void punch(TcpClient target) {
    try (TcpClient requester = node(2).control().plain();
        TcpClient answer = node(1).control()) {
      requester.send(punchRequest(AT_THREE, node(2).key().text()));
      answer.send(sent(AT_THREE, target.receive()));
      delivered(requester);
      expectEvent("INFO punch kind=punch target=%s verdict=direct", AT_THREE);
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
      expectEvent("INFO punch kind=relay_request target=%s verdict=relay session=a-uuid", AT_TWO);
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
      expectEvent(
          "INFO refused reason=unadmitted what=relay_request id=%s session=another-uuid", AT_TWO);
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

  private void expectRelay(String session, String here) {
    expectEvent("INFO relay_started session=%s here=%s type=default_conn", session, here);
    expectEvent(
        "INFO relay_ended session=%s here=%s bytes=1504 seconds=* reason=finished", session, here);
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
}
