package dev.rallypoint.loadtest.gatling.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short run of each simulation against the packaged node. */
class SimulationsIT {
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
        "MixedDay --peers 40 --interval 1s --rate 20 --duration 8s --warm-up 0"
      })
  void passesANodeAsItShouldBe(String line) throws IOException {
    Runs.Run run = runs.run(line + node.target() + " --p99 3s");

    assertThat(run.reasons()).isEmpty();
    assertThat(run.result().requests()).isNotEmpty();
    assertThat(run.code()).isZero();
  }

  @Test
  void addsTheFiguresOfSeveralGenerators() throws IOException {
    Runs.Run run =
        runs.run(
            "SteadyHeartbeats --generators 2 --peers 21 --first-id 725000000 --ramp 0 --interval 1s --duration 1s"
                + " --warm-up 0 --p99 3s"
                + node.target());

    assertThat(run.reasons()).isEmpty();
    assertThat(run.requests("register").ok()).isEqualTo(21);
    assertThat(run.code()).isZero();
  }
}
