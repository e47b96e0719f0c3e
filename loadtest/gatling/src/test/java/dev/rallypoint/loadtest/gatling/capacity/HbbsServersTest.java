package dev.rallypoint.loadtest.gatling.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HbbsServersTest {
  @TempDir private Path folder;

  private Optional<Path> script(String name, String body) throws IOException {
    Path script = folder.resolve(name);
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Optional.of(script);
  }

  private Optional<Path> listening(String name) throws IOException {
    Path classes = Path.of("target", "test-classes").toAbsolutePath();
    return script(
        name,
        "exec '%s/bin/java' -cp '%s' %s \"$@\""
            .formatted(System.getProperty("java.home"), classes, ListeningProgram.class.getName()));
  }

  @Test
  void startsBothOnPortsInARowAndEndsThem() throws Exception {
    int port;
    int relayPort;
    try (HbbsServers servers = HbbsServers.start(listening("hbbs"), listening("hbbr"))) {
      port = servers.address().port();
      relayPort = servers.address().relayPort();

      assertThat(relayPort).isEqualTo(port + 1);
      assertThat(servers.name()).isEqualTo("hbbs, hbbr");
      assertThat(servers.key()).isEqualTo("the key");
      assertThat(servers.cpuSeconds()).isPositive();
      assertThat(Load.values()).allMatch(load -> servers.lacks(load).isEmpty());
    }
    for (int ended : new int[] {port, relayPort}) {
      assertThatThrownBy(() -> new Socket("127.0.0.1", ended).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void hbbsAloneLacksTheRelay() throws Exception {
    try (HbbsServers servers = HbbsServers.start(listening("hbbs"), Optional.empty())) {
      assertThat(servers.lacks(Load.RELAY)).hasValue("no hbbr is given");
      assertThat(servers.lacks(Load.PUNCHES)).isEmpty();
    }
  }

  @Test
  void hbbrAloneHasNothingButTheRelay() throws Exception {
    try (HbbsServers servers = HbbsServers.start(Optional.empty(), listening("hbbr"))) {
      assertThat(servers.lacks(Load.RELAY)).isEmpty();
      assertThat(servers.lacks(Load.HEARTBEATS)).hasValue("no hbbs is given");
    }
  }

  @Test
  void saysWhichProgramDoesNotListen() throws Exception {
    Optional<Path> ending = script("hbbs", "exit 1");

    assertThatThrownBy(() -> HbbsServers.start(ending, Optional.empty()))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("hbbs does not listen");
  }
}
