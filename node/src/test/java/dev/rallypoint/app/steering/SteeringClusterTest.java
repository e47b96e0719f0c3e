package dev.rallypoint.app.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.app.Shell;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of operators against one of two nodes. */
class SteeringClusterTest {
  @TempDir static Path folder;
  private static TestCluster cluster;

  private final Shell shell = new Shell(folder);

  @BeforeAll
  static void start() {
    cluster = TestCluster.of(2, folder, TestSettings::management);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private int run(int number, String... command) throws Exception {
    TestNode node = cluster.node(number);
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--data", dataOf(node).toString()));
    all.addAll(List.of("--set", "management-port=" + (node.port() + 5)));
    all.addAll(List.of("--set", "management-bind=" + management(node)));
    all.addAll(List.of("--set", "port=" + node.port()));
    return shell.run(all.toArray(String[]::new));
  }

  private static Path dataOf(TestNode node) throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.endsWith(Path.of(node.ip(), "management-token")))
          .findFirst()
          .orElseThrow()
          .getParent();
    }
  }

  private static String management(TestNode node) {
    return node.ip();
  }

  private String console(int number, String line) {
    try (TcpClient operator =
        TcpClient.between(
            "127.0.0.1", cluster.node(number).ip(), cluster.node(number).port() - 1)) {
      operator.sendRaw((line + "\n").getBytes(StandardCharsets.US_ASCII));
      return new String(operator.receiveAll(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void oneNodeTellsOfBothAndOfAPeerAtTheOther() throws Exception {
    try (UdpClient device = cluster.node(2).udp().registered("200000001")) {
      assertThat(run(1, "nodes")).as("%s", shell.err()).isZero();
      assertThat(shell.out()).contains(cluster.node(1).ip() + ":", cluster.node(2).ip() + ":");
      assertThat(run(1, "peers", "200000001")).isZero();
      assertThat(run(1, "explain", "200000001")).isZero();
      assertThat(shell.out())
          .contains("200000001 is at " + device.address() + " on node " + cluster.node(2).ip());
    }
  }

  @Test
  void aChangedLimitHoldsOnBothNodesAndIsInTheDatabaseForOneThatComesLater() throws Exception {
    assertThat(run(1, "limits", "always-use-relay", "Y")).as("%s", shell.err()).isZero();
    assertThat(console(2, "aur")).isEqualTo("ALWAYS_USE_RELAY: Y\n");

    assertThat(run(2, "limits", "blocklist", "add", "203.0.113.7")).isZero();
    assertThat(dataOf(cluster.node(1)).resolve("blocklist.txt"))
        .content()
        .isEqualTo("203.0.113.7\n");

    assertThat(run(1, "limits", "blocklist", "add", "example.org")).isEqualTo(1);
    assertThat(shell.err()).contains("example.org");
    assertThat(run(2, "limits", "blocklist")).isZero();
    assertThat(shell.out()).contains("blocklist              203.0.113.7  (for all nodes");

    cluster.add();
    await().untilAsserted(() -> assertThat(console(3, "aur")).isEqualTo("ALWAYS_USE_RELAY: Y\n"));
    // It may take a moment until the second node knows of the third.
    await()
        .untilAsserted(() ->
            assertThat(
                    SharedRules.get(cluster.node(2).system())
                        .change(new SharedRule("always-use-relay", "N", 1))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS)
                        .refusals())
                .as("a change that another one came before")
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith("a later change of it holds")));
    assertThat(run(1, "limits", "always-use-relay", "reset")).isZero();
    assertThat(console(3, "aur")).isEqualTo("ALWAYS_USE_RELAY: N\n");
  }
}
