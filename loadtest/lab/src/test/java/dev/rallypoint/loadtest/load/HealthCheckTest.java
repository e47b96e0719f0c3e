package dev.rallypoint.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.loadtest.environment.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
  private static ServerSocket listening(String ip) throws IOException {
    return new ServerSocket(NodeProcess.PORT, 5, InetAddress.ofLiteral(ip));
  }

  @Test
  void leavesANodeOutUntilItTakesConnectionsAgain() throws Exception {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String network = "127." + random.nextInt(1, 255) + "." + random.nextInt(255) + ".";
    NodeBalancer nodes = new NodeBalancer(List.of(network + 1, network + 2));
    try (ExecutorService threads = Executors.newCachedThreadPool();
        ServerSocket stays = listening(network + 1);
        HealthCheck check = HealthCheck.start(nodes, threads)) {
      await().until(() -> nodes.isUnhealthy(2));
      assertThat(List.of(nodes.next(), nodes.next(), nodes.after(1))).containsOnly(1);
      try (ServerSocket back = listening(network + 2)) {
        await().until(() -> !nodes.isUnhealthy(2));
        assertThat(List.of(nodes.next(), nodes.next())).containsExactlyInAnyOrder(1, 2);
      }
      await().until(() -> check.failures() == 2);
      assertThat(stays.isBound()).isTrue();
    }
  }
}
