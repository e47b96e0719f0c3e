package dev.rallypoint.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.rallypoint.app.health.HealthCheck;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one node exports, against the page and the files for Prometheus and Grafana. */
class MetricsTest {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");
  private static final Path ALERTS = Path.of("..", "docker", "monitoring", "alerts.yml");
  private static final Path DASHBOARD =
      Path.of("..", "docker", "monitoring", "grafana-dashboard.json");
  private static final Pattern METRIC = Pattern.compile("\\b(?:rallypoint|jvm|process)_\\w+");

  private static final Pattern ROW = Pattern.compile("^\\| `(?:rallypoint|jvm|process)_\\w+` \\|");

  @TempDir private static Path folder;
  private static TestNode node;

  @BeforeAll
  static void start() {
    TestCertificate.of("localhost", "EC").writeTo(folder);
    node =
        TestNode.start(TestSettings.in(folder.resolve("node")).management().tls(folder).onePort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static double increase(String series, Step step) throws Exception {
    double before = Scrape.of(node).of(series);
    step.run();
    return Scrape.of(node).of(series) - before;
  }

  private interface Step {
    void run() throws Exception;
  }

  @Test
  void hasARowInThePageForEach() throws Exception {
    System.gc(); // what is known of collections is exported after the first one
    await()
        .untilAsserted(() ->
            assertThat(Scrape.of(node).families())
                .containsKeys(
                    "rallypoint_store_call_seconds", "jvm_memory_pool_allocated_bytes_total"));
    List<String> rows =
        Files.readAllLines(PAGE).stream().filter(line -> ROW.matcher(line).find()).toList();
    assertThat(rows).containsExactlyInAnyOrderElementsOf(Scrape.of(node).rows());
  }

  @Test
  void saysWhatEachIs() throws Exception {
    Scrape.of(node)
        .families()
        .forEach(
            (name, family) -> assertThat(family.help().split(" ")).as(name).hasSizeGreaterThan(2));
  }

  @Test
  void hasEachThatAlertsAndDashboardsAskFor() throws Exception {
    List<String> queries = new ArrayList<>();
    queries.add(Files.readString(ALERTS));
    JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    dashboard.findValuesAsText("expr").forEach(queries::add);
    TreeSet<String> asked = new TreeSet<>();
    queries.forEach(
        query -> METRIC.matcher(query).results().forEach(name -> asked.add(name.group())));
    assertThat(asked).hasSizeGreaterThan(30);
    assertThat(Scrape.of(node).series()).containsAll(asked);
  }

  @Test
  void countsRefusedRegistrationsByTheirReason() throws Exception {
    try (UdpClient peer = node.udp()) {
      double refused =
          increase(
              "rallypoint_registrations_refused_total{reason=\"uuid_mismatch\"}",
              () -> {
                peer.registered("610000001");
                assertThat(peer.register("610000001", "another-device", 2))
                    .isEqualTo(Result.UUID_MISMATCH);
              });
      assertThat(refused).isEqualTo(1);
    }
  }

  @Test
  void countsAScriptedRunToTheUnit() throws Exception {
    Scrape before = Scrape.of(node);
    try (UdpClient target = node.udp().registered("610000011");
        TcpClient requester = node.control().plain();
        TcpClient answering = node.control()) {
      requester.send(punch("610000011", node.key().text()));
      answering.send(answer("610000011", Pushed.socketAddr(target.receive())));
      assertThat(requester.receive().getPunchHoleResponse().getSocketAddr()).isNotEmpty();
    }
    refused("610000099", node.key().text(), Failure.ID_NOT_EXIST);
    refused("610000099", node.key().text(), Failure.ID_NOT_EXIST);
    refused("610000011", "a wrong key", Failure.LICENSE_MISMATCH);

    String punches = "rallypoint_punch_requests_refused_total{reason=\"";
    Map<String, Double> expected =
        Map.of(
            "rallypoint_registrations_accepted_total",
            1.0,
            "rallypoint_punch_requests_total",
            4.0,
            "rallypoint_answers_delivered_total",
            1.0,
            "rallypoint_punch_answer_seconds_count",
            1.0,
            punches + "id_not_exist\"}",
            2.0,
            punches + "license_mismatch\"}",
            1.0,
            punches + "offline\"}",
            0.0);
    Scrape after = Scrape.of(node);
    expected.forEach((series, count) ->
        assertThat(after.of(series) - before.of(series)).as(series).isEqualTo(count));
  }

  private static RendezvousMessage punch(String target, String key) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(target)
                .setLicenceKey(key)
                .setNatType(NatType.ASYMMETRIC)
                .setVersion("1.4.9"))
        .build();
  }

  private static RendezvousMessage answer(String target, ByteString socketAddr) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(PunchHoleSent.newBuilder().setId(target).setSocketAddr(socketAddr))
        .build();
  }

  private static void refused(String target, String key, Failure why) {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(target, key));
      assertThat(requester.receive().getPunchHoleResponse().getFailure()).isEqualTo(why);
    }
  }

  @Test
  void countsNatTestsOfClientsAndNotOfHealthChecks() throws Exception {
    double counted =
        increase(
            "rallypoint_nat_tests_total",
            () -> {
              assertThat(HealthCheck.faults(node.settings())).isEmpty();
              try (TcpClient client = node.natTest()) {
                client.send(
                    RendezvousMessage.newBuilder()
                        .setTestNatRequest(TestNatRequest.newBuilder())
                        .build());
                assertThat(client.receive().hasTestNatResponse()).isTrue();
              }
            });
    assertThat(counted).isEqualTo(1);
  }

  @Test
  void countsConnectionsByListenerForAsLongAsTheyAreOpen() throws Exception {
    String series = "rallypoint_connections_open{listener=\"nat_test\"}";
    await().untilAsserted(() -> assertThat(Scrape.of(node).of(series)).isZero());
    List<TcpClient> clients = Stream.generate(node::natTest).limit(3).toList();
    await().untilAsserted(() -> assertThat(Scrape.of(node).of(series)).isEqualTo(3));
    clients.forEach(TcpClient::close);
    await().untilAsserted(() -> assertThat(Scrape.of(node).of(series)).isZero());
  }

  @Test
  void showsWhatTheNodeIs() throws Exception {
    await()
        .untilAsserted(() -> assertThat(Scrape.of(node).of("rallypoint_peers_stored")).isNotNaN());
    Scrape scrape = Scrape.of(node);
    assertThat(scrape.of("rallypoint_node_ready")).isEqualTo(1);
    assertThat(scrape.of("rallypoint_node_state{state=\"serving\"}")).isEqualTo(1);
    assertThat(scrape.of("rallypoint_node_state{state=\"draining\"}")).isZero();
    assertThat(scrape.of("rallypoint_cluster_members{state=\"up\"}")).isEqualTo(1);
    assertThat(scrape.of("rallypoint_database_up")).isEqualTo(1);
    assertThat(
            scrape.of("rallypoint_certificate_expiry_timestamp_seconds{certificate=\"clients\"}"))
        .isGreaterThan(System.currentTimeMillis() / 1e3);
    assertThat(scrape.of("rallypoint_data_folder_free_bytes")).isPositive();
  }
}
