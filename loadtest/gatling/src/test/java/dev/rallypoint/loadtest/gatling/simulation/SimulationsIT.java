package dev.rallypoint.loadtest.gatling.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.scripted.FaultyPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short run of each simulation against the packaged node, and what it says of a broken path. */
class SimulationsIT {
  private static final Path LAUNCHER = Path.of("../../node/target/rallypoint/bin/rallypoint");
  private static final int PORTS = 5;
  private static final String HEARTBEATS =
      "SteadyHeartbeats --peers 100 --ramp 0 --interval 1s --duration 3s --warm-up 0";
  private static final String PUNCHES =
      "PunchRequests --peers 20 --ramp 0 --interval 1s --rate 50 --duration 1s --warm-up 0";

  @TempDir private static Path folder;
  private static int port;
  private static NodeProcess node;
  private static String key;
  private static Runs runs;

  @BeforeAll
  static void start() throws IOException {
    int first = FreePorts.first(PORTS);
    port = first + 1;
    node =
        NodeProcess.start(
            new NodeProcess.Start(
                List.of(),
                LAUNCHER,
                Files.createDirectory(folder.resolve("data")),
                List.of("port=" + port, "management-port=0", "api-port=0"),
                Map.of(),
                folder.resolve("node.log")));
    key = node.awaitKey();
    runs = new Runs(folder);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String at(int target) {
    return " --target 127.0.0.1:" + target + " --key " + key;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RegistrationStorm --rate 50 --duration 1s --warm-up 1s",
        "SteadyHeartbeats --peers 100 --ramp 0 --interval 1s --duration 2s --warm-up 0",
        "ReturnAfterOutage --peers 50 --ramp 0 --outage 1s --within 1s --duration 1s --warm-up 0",
        "PunchRequests --peers 20 --ramp 0 --interval 1s --rate 20 --duration 1s --warm-up 0",
        "RelayedSessions --sessions 3 --ramp 0 --duration 1s --bulk 1s --warm-up 0",
        "WebSocketOnly --peers 10 --ramp 0 --interval 1s --rate 5 --duration 1s --warm-up 0",
        "OnlineQueries --peers 20 --ramp 0 --interval 1s --rate 20 --duration 1s --warm-up 0",
        "MixedDay --peers 40 --interval 1s --rate 20 --duration 4s --warm-up 0"
      })
  void passesANodeAsItShouldBe(String line) throws IOException {
    Runs.Run run = runs.run(line + at(port) + " --p99 3s");

    assertThat(run.reasons()).isEmpty();
    assertThat(run.result().requests()).isNotEmpty();
    assertThat(run.code()).isZero();
  }

  @Test
  void addsTheFiguresOfSeveralGenerators() throws IOException {
    Runs.Run run =
        runs.run(
            "SteadyHeartbeats --generators 2 --peers 21 --ramp 0 --interval 1s --duration 1s"
                + " --warm-up 0 --p99 3s"
                + at(port));

    assertThat(run.reasons()).isEmpty();
    assertThat(run.requests("register").ok()).isEqualTo(21);
    assertThat(run.code()).isZero();
  }

  @Test
  void failsWhenOneAnswerInAHundredIsDropped() throws IOException {
    try (FaultyPath path = new FaultyPath(port, 100, 0)) {
      Runs.Run run = runs.run(HEARTBEATS + at(path.port()) + " --timeout 1s");

      assertThat(run.code()).isEqualTo(KindCommand.LIMIT_MISSED);
      assertThat(run.reasons()).containsExactly(Reason.NO_ANSWER.text());
      assertThat(run.requests("heartbeat").ko()).isBetween(1L, 6L);
    }
  }

  @Test
  void failsWhenEachAnswerIsASecondLate() throws IOException {
    try (FaultyPath path = new FaultyPath(port, 0, 1_000)) {
      Runs.Run run = runs.run(PUNCHES + at(path.port()) + " --loss 50");

      assertThat(run.code()).isEqualTo(KindCommand.LIMIT_MISSED);
      assertThat(run.requests("heartbeat").percentile(50)).isGreaterThan(1_000_000);
      assertThat(run.requests("punch same node").percentile(50)).isGreaterThan(1_000_000);
    }
  }

  @Test
  void failsWhenTheKeyIsNotTheServers() throws IOException {
    String other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    Runs.Run run = runs.run(PUNCHES + " --target 127.0.0.1:" + port + " --key " + other);

    assertThat(run.code()).isEqualTo(KindCommand.LIMIT_MISSED);
    assertThat(run.requests("punch same node").ok()).isZero();
    assertThat(run.reasons()).containsExactly(Reason.KEY_MISMATCH.text());
  }
}
