package dev.rallypoint.app.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.app.health.HealthCheck;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients find where they look for the HTTP API of a node without the role. */
class ApiPortTest {
  private static final String POST =
      "POST /api/heartbeat HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n";

  @TempDir Path folder;

  private TestSettings settings() {
    return TestSettings.in(folder.resolve("node"))
        .apiPort(true)
        .roles(NodeRole.RENDEZVOUS, NodeRole.RELAY);
  }

  private static TcpClient connected(TestNode node) {
    return TcpClient.to(node.port() - 2);
  }

  private static String answerTo(TestNode node, String request) {
    try (TcpClient client = connected(node)) {
      client.sendRaw(request.getBytes(US_ASCII)).endOutput();
      return new String(client.receiveAll(), US_ASCII);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/heartbeat",
    "POST, /api/sysinfo",
    "GET, /api/login-options",
    "PUT, /api/ab",
    "DELETE, /",
    "HEAD, /api/heartbeat"
  })
  void answersEachRequestWith404(String method, String path) throws Exception {
    try (TestNode node = TestNode.start(settings());
        HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (node.port() - 2) + path))
              .method(method, BodyPublishers.ofString("{\"id\":\"123456789\"}"))
              .build();

      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.headers().firstValue("connection")).contains("close");
      assertThat(node.counters().of(Event.API_REQUESTS)).isOne();
    }
  }

  @Test
  void answersBeforeTheBodyComesAndDoesNotResetAClientThatSendsIt() {
    try (TestNode node = TestNode.start(settings());
        TcpClient client = connected(node)) {
      client.sendRaw(POST.getBytes(US_ASCII));
      await().until(() -> node.counters().of(Event.API_REQUESTS) == 1);

      client.sendRaw(new byte[5_000]).endOutput();

      assertThat(new String(client.receiveAll(), US_ASCII))
          .startsWith("HTTP/1.1 404 Not Found\r\n")
          .endsWith("{\"error\":\"this server has no API\"}");
    }
  }

  @Test
  void answersARequestThatComesByteByByte() {
    try (TestNode node = TestNode.start(settings());
        TcpClient client = connected(node)) {
      for (byte letter : "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII)) {
        client.sendRaw(new byte[] {letter});
      }
      client.endOutput();
      assertThat(new String(client.receiveAll(), US_ASCII)).startsWith("HTTP/1.1 404 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001", // a TLS record
        "get / HTTP/1.1\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n",
        "ABCDEFGHIJKLMNOPQRST",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n"
      })
  void closesWithoutAnAnswerWhatIsNoRequest(String bytes) {
    try (TestNode node = TestNode.start(settings());
        TcpClient client = connected(node)) {
      client.sendRaw(bytes.getBytes(US_ASCII));
      assertThat(client.receiveAll()).isEmpty();
      assertThat(node.counters().of(DropReason.REQUEST_MALFORMED)).isOne();
    }
  }

  @Test
  void closesAtOnceAConnectionThatSendsFrames() {
    try (TestNode node = TestNode.start(settings());
        TcpClient client = connected(node)) {
      client.sendRaw(FrameEncoder.encode(new byte[] {0x0a, 0x00}));
      assertThat(client.receiveAll()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"4000, HTTP/1.1 404 Not Found", "4200, ''"})
  void takesAHeadOf4KiB(int length, String answer) {
    try (TestNode node = TestNode.start(settings())) {
      String line = "GET / HTTP/1.1\r\nCookie: ";
      String request = line + "c".repeat(length - line.length()) + "\r\n\r\n";
      String status = answerTo(node, request).lines().findFirst().orElse("");
      assertThat(status).isEqualTo(answer);
    }
  }

  @Test
  void closesAConnectionWhoseHeadDoesNotEnd() {
    try (TestNode node = TestNode.start(settings().firstFrame(Duration.ofSeconds(1)));
        TcpClient client = connected(node)) {
      client.sendRaw("GET / HTTP/1.1\r\nHost:".getBytes(US_ASCII));
      assertThat(client.receiveAll()).isEmpty();
      assertThat(node.counters().of(DropReason.CONNECTION_SILENT)).isOne();
    }
  }

  @Test
  void closesAConnectionThatTheClientLeavesOpen() {
    try (TestNode node = TestNode.start(settings());
        TcpClient client = connected(node)) {
      client.sendRaw(POST.getBytes(US_ASCII));
      assertThat(client.receiveAll()).isNotEmpty(); // returns at the end of the stream
    }
  }

  @Test
  void isAskedByTheHealthCheckWhereItIsRequired() {
    TestNode node = TestNode.start(settings());
    NodeSettings settings = settings().on(node.port());
    try (node) {
      await().until(() -> HealthCheck.faults(settings).isEmpty());
      assertThat(node.counters().of(Event.API_REQUESTS)).isPositive();
    }
    assertThat(HealthCheck.faults(settings))
        .anyMatch(fault -> fault.startsWith("port " + (node.port() - 2) + ":"));
  }

  /** A port for a node on this machine; the second one before it is free too. */
  private int freePort() {
    try (TestNode node = TestNode.start(settings())) {
      return node.port();
    }
  }

  @Test
  void leavesItsDefaultPortToAProgramThatHasIt() throws Exception {
    int port = freePort();
    TestSettings settings = settings().apiPort(false);
    try (ServerSocket other = new ServerSocket(port - 2);
        TestNode node = TestNode.startAt(settings, port);
        Socket client = new Socket("127.0.0.1", port - 2);
        Socket taken = other.accept()) {
      assertThat(taken.getPort()).isEqualTo(client.getLocalPort());
      await().until(() -> HealthCheck.faults(settings.on(node.port())).isEmpty());
    }
  }

  @Test
  void doesNotStartWithoutAWrittenPort() throws Exception {
    int port = freePort();
    try (ServerSocket other = new ServerSocket(port - 2)) {
      assertThatThrownBy(() -> TestNode.startAt(settings(), port).close())
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("api-port = " + other.getLocalPort() + ": it cannot be bound");
    }
  }

  @Test
  void isNotOpenOnANodeThatOnlyRelays() {
    try (TestNode node = TestNode.start(settings().roles(NodeRole.RELAY))) {
      assertThatThrownBy(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress("127.0.0.1", node.port() - 2));
                }
              })
          .isInstanceOf(ConnectException.class);
    }
  }
}
