package dev.rallypoint.loadtest.gatling.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.gatling.link.Reason;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Short runs against three nodes of one cluster, then against two that are left. */
@TestMethodOrder(OrderAnnotation.class)
class ClusterSimulationsIT {
  private static final Path LAUNCHER = Path.of("../../node/target/rallypoint/bin/rallypoint");
  private static final int NODES = 3;
  private static final int PORTS = 5;

  /** One compiler tier and one garbage collection thread, so that all nodes fit on two cores. */
  private static final String JAVA_OPTIONS = "-Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final String PUNCHES =
      "PunchRequests --peers 30 --ramp 0 --interval 1s --rate 40 --duration 1s --warm-up 0"
          + " --p99 3s";

  @TempDir private static Path folder;
  private static final List<NodeProcess> nodes = new ArrayList<>();
  private static EmbeddedPostgres database;
  private static int port;
  private static String target;

  @BeforeAll
  static void start() throws IOException {
    database = EmbeddedPostgres.builder().setDataDirectory(folder.resolve("database")).start();
    port = FreePorts.first(PORTS) + 1;
    for (int number = 1; number <= NODES; number++) {
      nodes.add(start(number));
    }
    String key =
        nodes.stream().map(NodeProcess::awaitKey).distinct().collect(Collectors.joining(" "));
    target =
        IntStream.rangeClosed(1, NODES)
                .mapToObj(number -> address(number) + ":" + port)
                .collect(Collectors.joining(",", " --target ", ""))
            + " --key "
            + key;
  }

  private static String address(int number) {
    return "127.0.77." + number;
  }

  private static NodeProcess start(int number) throws IOException {
    return NodeProcess.start(
        new NodeProcess.Start(
            List.of(),
            LAUNCHER,
            Files.createDirectory(folder.resolve("data" + number)),
            List.of("bind=" + address(number), "port=" + port, "management-port=0", "api-port=0"),
            Map.of(
                "JAVA_OPTS",
                JAVA_OPTIONS,
                "DB_URL",
                "postgresql://postgres@127.0.0.1:" + database.getPort() + "/postgres"),
            folder.resolve("node" + number + ".log")));
  }

  @AfterAll
  static void stop() throws IOException {
    nodes.forEach(NodeProcess::close);
    database.close();
  }

  @Test
  @Order(1)
  void passesThreeNodesThatFindEachOthersPeers() throws IOException {
    Runs.Run run = new Runs(folder).run(PUNCHES + target);

    assertThat(run.reasons()).isEmpty();
    assertThat(run.requests("punch same node").ok()).isPositive();
    assertThat(run.requests("punch other node").ok()).isPositive();
    assertThat(run.code()).isZero();
  }

  @Test
  @Order(2)
  void failsWhenOneOfTheThreeIsDown() throws IOException {
    nodes.get(1).close();

    Runs.Run run = new Runs(folder).run(PUNCHES + target + " --timeout 1s");

    assertThat(run.code()).isEqualTo(KindCommand.LIMIT_MISSED);
    // Its own ten devices at least; the rest of the cluster has yet to take its shards over.
    assertThat(run.requests("register").ko()).isGreaterThanOrEqualTo(10);
    assertThat(run.reasons())
        .contains(Reason.PORT_UNREACHABLE.text(), Reason.CONNECT_FAILED.text());
  }
}
