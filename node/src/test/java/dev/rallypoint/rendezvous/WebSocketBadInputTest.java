package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.WsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a WebSocket port does with what is no WebSocket, or too much of one. */
class WebSocketBadInputTest {
  private static final String UPGRADE =
      "GET /any/path?at=all HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")).firstFrame(Duration.ofSeconds(1)));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port() + 2);
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** All that comes until the server closes, a reset being an end too. */
  private static String rest(Socket socket) throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[4096];
    try {
      for (int read; (read = socket.getInputStream().read(buffer)) >= 0; ) {
        all.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("it was not closed", e);
    } catch (IOException reset) {
      // as good as closed
    }
    return all.toString();
  }

  private static void upgrade(Socket socket) throws IOException {
    send(socket, UPGRADE);
    assertUpgraded(socket);
  }

  private static void assertUpgraded(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    assertThat(head).startsWith("HTTP/1.1 101");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: keep-alive\r\nConnection: Upgrade\r\n",
        "Connection: Upgrade\r\nConnection: keep-alive\r\n",
        "Connection: keep-alive\r\nconnection:upgrade\r\nX-A: b\r\nCONNECTION: x\r\n",
        "Connection: keep-alive, Upgrade\r\n"
      })
  void takesConnectionLinesAsOneList(String lines) throws IOException {
    String request = UPGRADE.replace("Connection: Upgrade\r\n", lines);
    try (Socket whole = connect();
        Socket inPieces = connect()) {
      send(whole, request);
      assertUpgraded(whole);
      inPieces.setTcpNoDelay(true);
      for (String letter : request.split("")) {
        send(inPieces, letter);
      }
      assertUpgraded(inPieces);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Connection: keep-alive\r\nConnection: close\r\n", "X-Connection: Upgrade\r\n"})
  void upgradesNothingThatNoConnectionLineAsksFor(String lines) throws IOException {
    try (Socket socket = connect()) {
      send(socket, UPGRADE.replace("Connection: Upgrade\r\n", lines));
      assertThat(rest(socket)).startsWith("HTTP/1.1 426");
    }
  }

  /** A frame's header of this length, masked with zeros. */
  private static byte[] header(long length) {
    byte[] header = new byte[14];
    header[0] = (byte) 0x82;
    header[1] = (byte) 0xFF;
    for (int i = 0; i < 8; i++) {
      header[2 + i] = (byte) (length >>> (56 - 8 * i));
    }
    return header;
  }

  private static void assertOthersAreServed() {
    try (WsClient other = node.webSocket()) {
      assertThat(
              other
                  .send(punch(request(node.key(), "404404404")))
                  .receive()
                  .getPunchHoleResponse()
                  .getFailure())
          .isEqualTo(Failure.ID_NOT_EXIST);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: webso"})
  void closesHalfAHandshake(String half) throws IOException {
    long dropped = node.counters().of(DropReason.HANDSHAKE_UNFINISHED);
    try (Socket socket = connect()) {
      send(socket, half);

      rest(socket);

      assertThat(node.counters().of(DropReason.HANDSHAKE_UNFINISHED)).isEqualTo(dropped + 1);
      assertOthersAreServed();
    }
  }

  @Test
  void tellsABrowserWhatThePortIsFor() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /ws/id HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(rest(socket)).startsWith("HTTP/1.1 426").contains("WebSocket");
      assertThat(node.counters().of(DropReason.REQUEST_NOT_WEBSOCKET)).isPositive();
    }
  }

  @Test
  void closesOnAFrameOfOneGibibyteLongBeforeItIsThere() throws IOException {
    long dropped = node.counters().of(DropReason.FRAME_TOO_LONG);
    try (Socket socket = connect()) {
      upgrade(socket);
      socket.getOutputStream().write(header(1L << 30));
      byte[] piece = new byte[64 * 1024];
      int sent = 0;
      try {
        while (sent < 256) { // 16 MiB, of which the server takes little over one
          socket.getOutputStream().write(piece);
          sent++;
        }
      } catch (IOException closed) {
        // as it should be
      }

      rest(socket);

      assertThat(node.counters().of(DropReason.FRAME_TOO_LONG)).isEqualTo(dropped + 1);
      assertOthersAreServed();
    }
  }

  @Test
  void closesOnAFrameThatIsOnlyAnnounced() throws IOException {
    try (Socket socket = connect()) {
      upgrade(socket);
      socket.getOutputStream().write(header(1L << 30));

      rest(socket);

      assertOthersAreServed();
    }
  }

  @Test
  void closesOnGarbageInAMessage() {
    long dropped = node.counters().of(DropReason.FRAME_UNPARSABLE);
    try (WsClient client = node.webSocket()) {
      byte[] garbage = new byte[100];
      Arrays.fill(garbage, (byte) 0xFF);

      client.sendFrame(garbage);

      assertThat(client.receiveFrame()).isNull();
      assertThat(node.counters().of(DropReason.FRAME_UNPARSABLE)).isEqualTo(dropped + 1);
    }
  }

  @Test
  void takesAMessageInFragments() {
    try (WsClient client = node.webSocket()) {
      client.sendInFragments(punch(request(node.key(), "404404404")).toByteArray());

      assertThat(client.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.ID_NOT_EXIST);
    }
  }

  @Test
  void closesAWebSocketThatSaysNothing() {
    try (WsClient client = node.webSocket()) {
      assertThat(client.receiveFrame()).isNull();
    }
  }
}
