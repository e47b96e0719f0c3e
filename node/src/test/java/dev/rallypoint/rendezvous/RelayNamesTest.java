package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.UdpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose relays have names of their own: peers are sent to one of them. */
class RelayNamesTest {
  @TempDir private static Path data;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    AtomicInteger number = new AtomicInteger();
    cluster =
        TestCluster.of(
            2, data, settings -> settings.relayName("relay-" + number.incrementAndGet() + ".test"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static String console(int node, String line) {
    try (TcpClient operator = cluster.node(node).natTest()) {
      return operator.sendRaw(line.getBytes(StandardCharsets.UTF_8)).receiveText();
    }
  }

  @Test
  void theTargetHearsANameOfALivingNodeInTurns() {
    await().until(() -> console(1, "rs").lines().count() == 2);
    Set<String> told = new TreeSet<>();
    try (UdpClient target = cluster.node(2).udp().registered("123456789")) {
      for (int i = 0; i < 2; i++) {
        try (TcpClient requester = cluster.node(1).control().plain()) {
          requester.send(
              RendezvousMessage.newBuilder()
                  .setPunchHoleRequest(
                      PunchHoleRequest.newBuilder()
                          .setId("123456789")
                          .setForceRelay(true)
                          .setLicenceKey(cluster.node(1).key().text()))
                  .build());
          told.add(target.receive().getPunchHole().getRelayServer());
        }
      }
    }
    assertThat(told).hasSize(2).allMatch(name -> name.matches("relay-\\d+\\.test"));
  }

  @Test
  void theConsoleShowsThem() {
    await().until(() -> console(2, "rs").lines().count() == 2);
    assertThat(console(2, "rs").lines())
        .allMatch(line -> line.matches("relay-\\d+\\.test 0 sessions"));
    assertThat(console(1, "tg 203.0.113.7")).matches("relay-\\d+\\.test\n");
  }
}
