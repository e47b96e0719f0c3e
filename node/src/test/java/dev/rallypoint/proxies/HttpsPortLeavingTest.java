package dev.rallypoint.proxies;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.WsClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one port of a node that is told to stop, while others stay. */
class HttpsPortLeavingTest {
  @TempDir Path data;

  private static WsClient open(TestNode node, String path) {
    return new WsClient(node.ip(), node.port() + 4, path);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void sendsClientsOfTheIdServerAwayAndRelaysOn() {
    TestCertificate.of("node.example", "RSA").writeTo(data);
    try (TestCluster cluster =
        TestCluster.of(
            2, data, settings -> settings.tls(data).onePort().drainWindow(ofSeconds(40)))) {
      TestNode leaving = cluster.node(1);
      CompletableFuture<Void> left;
      try (TcpClient a = leaving.relay();
          TcpClient b = leaving.relay()) {
        a.send(Asking.leg("keeps-it-busy", "b"));
        b.send(Asking.leg("keeps-it-busy", "")).sendFrame(bytes("hello"));
        assertThat(a.receiveFrame()).asString().isEqualTo("hello");
        left = CompletableFuture.runAsync(leaving::close);

        await()
            .untilAsserted(() ->
                assertThatThrownBy(() -> open(leaving, "/ws/id").close())
                    .cause()
                    .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refusal -> assertThat(refusal.getResponse().statusCode()).isEqualTo(503)));
        try (WsClient target = open(leaving, "/ws/relay");
            WsClient requester = open(leaving, "/ws/relay")) {
          target.send(Asking.leg("told-before", "b"));
          requester.send(Asking.leg("told-before", "")).sendFrame(bytes("hello"));
          assertThat(target.receiveFrame()).asString().isEqualTo("hello");
        }
      }
      assertThat(left).succeedsWithin(ofSeconds(60));
      assertThatThrownBy(() -> open(leaving, "/ws/relay").close()).isNotNull();
    }
  }
}
