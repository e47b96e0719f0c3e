package dev.rallypoint.app.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.Node;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementPortTest {
  private static final Path CHECK = Path.of("src/main/dist/bin/healthcheck").toAbsolutePath();

  @TempDir Path folder;

  private TestNode start() {
    return TestNode.start(TestSettings.in(folder.resolve("node")).management());
  }

  private static String address(TestNode node) {
    return node.ip() + ":" + (node.port() + 5);
  }

  private static HttpResponse<String> send(TestNode node, String method, String path)
      throws Exception {
    URI uri = URI.create("http://" + address(node) + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }

  private static String get(TestNode node, String path) throws Exception {
    HttpResponse<String> response = send(node, "GET", path);
    return response.statusCode() + " " + response.body().strip();
  }

  /** Runs the check of the image, where no Java starts; its exit code and what it says. */
  private static String check(String... arguments) throws Exception {
    ProcessBuilder check = new ProcessBuilder(CHECK.toString());
    check.command().addAll(List.of(arguments));
    check.environment().put("JAVA_TOOL_OPTIONS", "-XX:NoSuchFlag");
    Process process = check.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    return (process.waitFor() + " " + said).strip();
  }

  @Test
  void tellsThatTheNodeIsAliveAndTakesClients() throws Exception {
    try (TestNode node = start()) {
      assertThat(get(node, "/livez")).isEqualTo("200 alive");
      assertThat(get(node, "/readyz")).isEqualTo("200 ready");
      assertThat(check(address(node))).isEqualTo("0");
    }
  }

  @Test
  void showsTheCountersInTheFormatOfPrometheus() throws Exception {
    try (TestNode node = start();
        UdpClient peer = node.udp().registered("123456789")) {
      assertThat(peer.beat("123456789")).isFalse();
      assertThat(get(node, "/metrics"))
          .contains("# TYPE rallypoint_" + Event.HEARTBEATS_FROM_LEASE.label() + "_total counter")
          .containsPattern("rallypoint_" + Event.HEARTBEATS_FROM_LEASE.label() + "_total [1-9]");
    }
  }

  @Test
  void namesWhatDoesNotAnswerWhileTheNodeLeaves() throws Exception {
    try (TestCluster cluster =
        TestCluster.of(
            2, folder, settings -> settings.management().drainWindow(Duration.ofSeconds(20)))) {
      TestNode leaving = cluster.node(1);
      String address = address(leaving);
      CompletableFuture<Void> left;
      try (TcpClient waiting = leaving.relay()) {
        waiting.send(
            RendezvousMessage.newBuilder()
                .setRequestRelay(
                    RequestRelay.newBuilder()
                        .setUuid("keeps-it")
                        .setLicenceKey(leaving.key().text()))
                .build());
        left = CompletableFuture.runAsync(leaving::close);

        await().untilAsserted(() -> assertThat(get(leaving, "/readyz")).startsWith("503 "));
        assertThat(check(address)).isEqualTo("1 not healthy: the node was told to stop");
        assertThat(get(leaving, "/livez")).isEqualTo("200 alive");
      }
      assertThat(left).succeedsWithin(Duration.ofSeconds(60));
      assertThat(check(address)).isEqualTo("1 not healthy: nothing listens on " + address);
    }
  }

  @Test
  void servesOpenMetricsToWhoeverAcceptsIt() throws Exception {
    try (TestNode node = start();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + address(node) + "/metrics"))
                  .header("Accept", "application/openmetrics-text;version=1.0.0;q=0.6,*/*;q=0.1")
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/openmetrics-text; version=1.0.0");
      assertThat(answer.body()).endsWith("# EOF\n");
    }
  }

  @Test
  void tellsOfTheNodeToWhoeverShowsTheToken() throws Exception {
    try (TestNode node = start();
        ManagementClient client = ManagementClient.of(node.settings())) {
      JsonNode told = client.get("/v1/node");
      assertThat(told.at("/state/phase").asText()).isEqualTo("serving");
      assertThat(told.at("/state/ready").asBoolean()).isTrue();
      assertThat(told.at("/store").asText()).isEqualTo("sqlite");
      assertThat(told.at("/public_key").asText()).isEqualTo(node.key().text());
      assertThat(Instant.parse(told.at("/program/started_at").asText())).isBefore(Instant.now());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer ", "Bearer wrong", "Basic dG9rZW4="})
  void refusesWhoeverDoesNotShowTheToken(String shown) throws Exception {
    try (TestNode node = start();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://" + address(node) + "/v1/node"));
      if (!shown.isEmpty()) {
        request.header("Authorization", shown);
      }
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).startsWith("{\"error\":\"show the token of the file");
    }
  }

  @Test
  void tellsACommandThatShowsTheTokenOfAnotherFolderHowToNameTheRightOne() throws Exception {
    try (TestNode node = start()) {
      Files.writeString(
          node.settings().data().resolve(ManagementToken.FILE),
          "a-token-of-another-folder-0123456789\n");
      try (ManagementClient client = ManagementClient.of(node.settings())) {
        assertThatThrownBy(() -> client.get("/v1/node"))
            .hasMessageContaining("has another data folder: name that one by --data");
      }
    }
  }

  @Test
  void answersBesideAnyNumberOfConnectionsThatSendNothing() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try (TestNode node = start()) {
      for (int i = 0; i < 5 * ManagementConnections.MOST; i++) {
        silent.add(new Socket(node.ip(), node.port() + 5));
        silent.getLast().getOutputStream().write("GET /livez HTTP/1.1\r\n".getBytes());
      }
      assertThat(get(node, "/livez")).isEqualTo("200 alive");
      byte[] untilItGaveWay = silent.getFirst().getInputStream().readAllBytes();
      assertThat(new String(untilItGaveWay)).doesNotContain("alive");
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void servesOneRequestOfAConnection() throws Exception {
    try (TestNode node = start();
        Socket socket = new Socket(node.ip(), node.port() + 5)) {
      String request = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n";
      socket.getOutputStream().write((request + request).getBytes());
      assertThat(new String(socket.getInputStream().readAllBytes()).split("alive", -1)).hasSize(2);
    }
  }

  @Test
  void answersAProbeThatNamesNoHostByHttp10Only() throws Exception {
    try (TestNode node = start()) {
      assertThat(sent(node, "GET /livez HTTP/1.0\r\n\r\n")).contains(" 200 OK", "alive");
      assertThat(sent(node, "GET /livez HTTP/1.1\r\n\r\n")).contains(" 400 ");
    }
  }

  private static String sent(TestNode node, String request) throws Exception {
    try (Socket socket = new Socket(node.ip(), node.port() + 5)) {
      socket.getOutputStream().write(request.getBytes());
      return new String(socket.getInputStream().readAllBytes());
    }
  }

  @Test
  void refusesALongRequest() throws Exception {
    try (TestNode node = start();
        Socket socket = new Socket(node.ip(), node.port() + 5)) {
      socket
          .getOutputStream()
          .write(("GET /" + "a".repeat(4_000) + " HTTP/1.1\r\n\r\n").getBytes());
      assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 414");
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, /, 404", "GET, /peers, 404", "POST, /readyz, 405", "DELETE, /metrics, 405"})
  void servesNothingElse(String method, String path, int status) throws Exception {
    try (TestNode node = start()) {
      assertThat(send(node, method, path).statusCode()).isEqualTo(status);
    }
  }

  @Test
  void isNamedWhenItIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() ->
              Node.start(
                  TestSettings.in(folder).management().on(port - 5),
                  new ServerKey(Optional.of(TestNode.KEYS), new AccessKey("")),
                  end -> {}))
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("management-port = " + port + ": it cannot be bound at 127.0.0.1");
    }
  }
}
