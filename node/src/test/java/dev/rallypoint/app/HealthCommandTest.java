package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.NodeRole;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    assertThat(shell.run("health", "--port", port)).isZero();
    assertThat(shell.out()).startsWith("healthy");
    node.close();
    assertThat(shell.run("health", "--port", port)).isEqualTo(1);
    assertThat(shell.err())
        .startsWith("rallypoint: no answer on port " + (node.port() - 1))
        .hasLineCount(1);
  }

  @Test
  void looksAtTheRelayOfANodeThatIsNoIdServer() {
    try (TestNode node =
        TestNode.start(TestSettings.in(folder.resolve("node")).roles(NodeRole.RELAY))) {
      shell.environment.put("RALLYPOINT_ROLES", "relay");
      assertThat(shell.run("health", "--port", String.valueOf(node.port()))).isZero();
      shell.environment.put("RALLYPOINT_ROLES", "rendezvous");
      assertThat(shell.run("health", "--port", String.valueOf(node.port()))).isEqualTo(1);
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
