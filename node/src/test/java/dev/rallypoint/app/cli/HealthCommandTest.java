package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.app.Shell;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthCommandTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() throws Exception {
    shell = new Shell(Files.createDirectory(folder.resolve("shell")));
  }

  @Test
  void isFineWhileTheNodeAnswersAndNoLonger() {
    TestNode node = TestNode.start(TestSettings.in(folder.resolve("node")));
    String port = String.valueOf(node.port());
    await().until(() -> shell.run("health", "--port", port) == 0);
    assertThat(shell.out()).startsWith("healthy");
    node.close();
    assertThat(shell.run("health", "--port", port)).isEqualTo(1);
    assertThat(shell.err())
        .startsWith("rallypoint: not healthy, port " + node.port() + "/udp: ")
        .hasLineCount(7);
  }

  @Test
  void looksAtTheRelayOfANodeThatIsNoIdServer() {
    try (TestNode node =
        TestNode.start(TestSettings.in(folder.resolve("node")).roles(NodeRole.RELAY))) {
      shell.environment.put("RALLYPOINT_ROLES", "relay");
      await().until(() -> shell.run("health", "--port", String.valueOf(node.port())) == 0);
      shell.environment.put("RALLYPOINT_ROLES", "rendezvous");
      assertThat(shell.run("health", "--port", String.valueOf(node.port()))).isEqualTo(1);
    }
  }

  private int health(TestNode node, String roles) {
    shell.environment.put("RALLYPOINT_ROLES", roles);
    return shell.run("health", "--bind", node.ip(), "--port", String.valueOf(node.port()));
  }

  @ParameterizedTest
  @EnumSource
  void isOverAsSoonAsTheNodeIsToldToStopAndLongBeforeItIsGone(Roles roles) {
    try (TestCluster cluster =
        TestCluster.of(
            2,
            folder.resolve("nodes"),
            settings -> settings.roles(roles.all).drainWindow(Duration.ofSeconds(60)))) {
      TestNode leaving = cluster.node(1);
      CompletableFuture<Void> left;
      try (TcpClient waiting = leaving.relay()) {
        waiting.send(leg("keeps-it"));
        await().until(() -> health(leaving, roles.text) == 0);
        left = CompletableFuture.runAsync(leaving::close);

        await().until(() -> health(leaving, roles.text) == 1);
        assertThat(left).isNotDone();
        await().until(() -> health(cluster.node(2), roles.text) == 0);
      }
      assertThat(left).succeedsWithin(Duration.ofSeconds(60));
      assertThat(health(leaving, roles.text)).isEqualTo(1);
    }
  }

  private enum Roles {
    ALL("rendezvous,relay", NodeRole.RENDEZVOUS, NodeRole.RELAY),
    RELAY_ONLY("relay", NodeRole.RELAY);

    private final String text;
    private final NodeRole[] all;

    Roles(String text, NodeRole... all) {
      this.text = text;
      this.all = all;
    }
  }

  private static RendezvousMessage leg(String uuid) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(TestNode.KEYS.publicKey().text()))
        .build();
  }

  @Test
  void asksARelayWithoutConsoles() {
    try (TestNode node =
        TestNode.start(
            TestSettings.in(folder.resolve("node"))
                .roles(NodeRole.RELAY)
                .console(ConsoleMode.OFF))) {
      shell.environment.put("RALLYPOINT_ROLES", "relay");
      await().until(() -> shell.run("health", "--port", String.valueOf(node.port())) == 0);
    }
  }

  @Test
  void isNotTakenInByAnotherProgram() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answered =
          CompletableFuture.runAsync(() -> {
            try (Socket client = other.accept()) {
              client.getOutputStream().write("SSH-2.0-other\r\n".getBytes());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      int code = shell.run("health", "--port", String.valueOf(other.getLocalPort() + 1));
      assertThat(code).isEqualTo(1);
      answered.join();
    }
  }
}
