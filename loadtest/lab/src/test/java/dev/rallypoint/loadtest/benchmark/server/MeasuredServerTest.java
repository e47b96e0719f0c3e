package dev.rallypoint.loadtest.benchmark.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredServerTest {
  @TempDir private Path folder;

  private Path script(String body) throws IOException {
    Path script = folder.resolve("program");
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private Path listening() throws IOException {
    Path source = folder.resolve("Listening.java");
    Files.writeString(
        source,
        """
        class Listening {
          public static void main(String[] args) throws Exception {
            java.nio.file.Files.writeString(java.nio.file.Path.of("id_ed25519.pub"), "the key");
            try (var socket = new java.net.ServerSocket(Integer.parseInt(args[1]))) {
              while (true) {
                socket.accept().close();
              }
            }
          }
        }
        """);
    return script(
        "exec '%s/bin/java' '%s' \"$@\"".formatted(System.getProperty("java.home"), source));
  }

  @Test
  void givenProgramListensUntilItIsClosed() throws Exception {
    InetSocketAddress relay;
    try (MeasuredServer server = MeasuredServer.hbbr(listening())) {
      relay = server.relay();
      new Socket(relay.getAddress(), relay.getPort()).close();

      assertThat(server.name()).isEqualTo("hbbr");
      assertThat(server.key()).isEqualTo("the key");
      assertThat(server.cpuSeconds()).isPositive();
      assertThat(server.anonymousMemory()).isPositive().isLessThan(server.rss());
    }
    assertThatThrownBy(() -> new Socket(relay.getAddress(), relay.getPort()).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void programThatEndsIsAnError() throws Exception {
    Path program = script("exit 1");

    assertThatThrownBy(() -> MeasuredServer.hbbs(program))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("does not listen");
  }
}
