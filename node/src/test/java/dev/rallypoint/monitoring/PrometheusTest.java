package dev.rallypoint.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.testing.Installed;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code docker/monitoring} with a real Prometheus. */
class PrometheusTest {
  private static final Path FILES = Path.of("..", "docker", "monitoring").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check rules alerts.yml",
        "test rules alerts_test.yml",
        "check config prometheus.yml"
      })
  void isTakenByPromtool(String command) throws Exception {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addFirst(Installed.program("promtool").toString());
    Process promtool =
        new ProcessBuilder(words).directory(FILES.toFile()).redirectErrorStream(true).start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }

  @Test
  void answersEachQueryOfDashboardAndAlerts() throws Exception {
    Path program = Installed.program("prometheus");
    TestCertificate.of("localhost", "EC").writeTo(folder);
    try (TestNode node =
        TestNode.start(TestSettings.in(folder.resolve("node")).management().tls(folder))) {
      int port = freePort();
      Process prometheus = start(program, port, node.ip() + ":" + (node.port() + 5));
      try (HttpClient client = HttpClient.newHttpClient()) {
        Api api = new Api(client, port);
        await()
            .ignoreExceptions()
            .until(() -> !api.result("rate(rallypoint_datagrams_received_total[1m])").isEmpty());

        for (JsonNode query :
            JSON.readTree(FILES.resolve("grafana-dashboard.json").toFile()).findValues("expr")) {
          String asked =
              query.asText().replace("$job", "rallypoint").replace("$__rate_interval", "1m");
          JsonNode result = api.result(asked);
          boolean mayBeEmpty = asked.contains("> 0");
          assertThat(mayBeEmpty || !result.isEmpty()).as(asked).isTrue();
        }
        await()
            .until(
                () -> api.get("rules").findValuesAsText("health").stream().allMatch("ok"::equals));
        assertThat(api.get("rules").findValuesAsText("health")).hasSizeGreaterThan(10);
      } finally {
        prometheus.destroyForcibly().waitFor();
      }
    }
  }

  private Process start(Path program, int port, String target) throws IOException {
    Files.copy(FILES.resolve("alerts.yml"), folder.resolve("alerts.yml"));
    String config = Files.readString(FILES.resolve("prometheus.yml"));
    for (Map.Entry<String, String> change :
        Map.of("127.0.0.1:21120", target, "_interval: 15s", "_interval: 1s").entrySet()) {
      assertThat(config).contains(change.getKey());
      config = config.replace(change.getKey(), change.getValue());
    }
    Path written = Files.writeString(folder.resolve("prometheus.yml"), config);
    return new ProcessBuilder(
            program.toString(),
            "--config.file=" + written,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("prometheus.log").toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket held = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return held.getLocalPort();
    }
  }

  /** The HTTP API of a Prometheus. */
  private record Api(HttpClient client, int port) {
    JsonNode get(String path) throws IOException, InterruptedException {
      URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/" + path);
      String answer =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      JsonNode json = JSON.readTree(answer);
      assertThat(json.path("status").asText()).as(path + ": " + answer).isEqualTo("success");
      return json.path("data");
    }

    JsonNode result(String query) throws IOException, InterruptedException {
      return get("query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)).path("result");
    }
  }
}
