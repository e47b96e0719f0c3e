package dev.rallypoint.loadtest.gatling.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.scripted.FaultyPath;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the simulations say of a node whose answers are lost, late, or meant for another key. */
class FaultySimulationsIT {
  private static final String HEARTBEATS =
      "SteadyHeartbeats --peers 100 --ramp 0 --interval 1s --duration 3s --warm-up 0";
  private static final String PUNCHES =
      "PunchRequests --peers 20 --ramp 0 --interval 1s --rate 50 --duration 1s --warm-up 0";

  @TempDir private static Path folder;
  private static LocalNode node;
  private static Runs runs;

  @BeforeAll
  static void start() throws IOException {
    node = LocalNode.start(folder);
    runs = new Runs(folder);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void failsWhenOneAnswerInAHundredIsDropped() throws IOException {
    try (FaultyPath path = new FaultyPath(node.port(), 100, 0)) {
      Runs.Run run = runs.run(HEARTBEATS + node.target(path.port()) + " --timeout 5s");

      assertThat(run.code()).isEqualTo(KindCommand.LIMIT_MISSED);
      assertThat(run.reasons()).containsExactly(Reason.NO_ANSWER.text());
      assertThat(run.requests("heartbeat").ko()).isBetween(1L, 6L);
    }
  }

  @Test
  void failsWhenEachAnswerIsASecondLate() throws IOException {
    try (FaultyPath path = new FaultyPath(node.port(), 0, 1_000)) {
      Runs.Run run =
          runs.run(PUNCHES + node.target(path.port()) + " --loss 50 --first-id 745000000");

      assertThat(run.code()).isEqualTo(KindCommand.LIMIT_MISSED);
      assertThat(run.requests("heartbeat").percentile(50)).isGreaterThan(1_000_000);
      assertThat(run.requests("punch same node").percentile(50)).isGreaterThan(1_000_000);
    }
  }

  @Test
  void failsWhenTheKeyIsNotTheServers() throws IOException {
    String other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    Runs.Run run = runs.run(PUNCHES + " --target 127.0.0.1:" + node.port() + " --key " + other);

    assertThat(run.code()).isEqualTo(KindCommand.LIMIT_MISSED);
    assertThat(run.requests("punch same node").ok()).isZero();
    assertThat(run.reasons()).containsExactly(Reason.KEY_MISMATCH.text());
  }
}
