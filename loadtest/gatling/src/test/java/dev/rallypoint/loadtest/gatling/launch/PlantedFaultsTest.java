package dev.rallypoint.loadtest.gatling.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.figures.FiguresJson;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.scripted.ScriptedServer;
import dev.rallypoint.loadtest.gatling.scripted.ScriptedServer.Faults;
import dev.rallypoint.loadtest.gatling.simulation.CrashingSimulation;
import dev.rallypoint.loadtest.gatling.simulation.PunchSimulation;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs against a server that is as it should be, and against broken ones. */
class PlantedFaultsTest {
  @TempDir private Path results;

  private Launcher.Run run(Faults faults, Class<? extends Simulation> simulation)
      throws IOException {
    try (ScriptedServer server = new ScriptedServer(faults)) {
      System.setProperty("test.port", Integer.toString(server.port()));
      System.setProperty("test.key", server.key());
      return new Launcher(results, false).run(simulation);
    }
  }

  private static RequestSummary requests(Launcher.Run run, String name) {
    return Objects.requireNonNull(run.result().requests().get(name), name);
  }

  @Test
  void passesAServerAsItShouldBe() throws IOException {
    Launcher.Run run = run(Faults.NONE, PunchSimulation.class);

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(requests(run, "register").ok()).isEqualTo(100);
    assertThat(requests(run, "heartbeat").ko()).isZero();
    assertThat(requests(run, "punch").ok()).isGreaterThan(50);
    assertThat(requests(run, "push PunchHole").ok()).isGreaterThan(50);
    assertThat(requests(run, "push delivery").ok()).isGreaterThan(50);
    assertThat(Files.readString(run.folder().resolve(FiguresJson.FILE))).contains("\"p99.9\"");
  }

  @Test
  void seesAnswersThatAreDropped() throws IOException {
    Launcher.Run run = run(new Faults(20, 0, false), PunchSimulation.class);

    assertThat(run.exitCode()).isEqualTo(ExitCode.LIMIT_BROKEN);
    assertThat(requests(run, "heartbeat").reasons()).containsOnlyKeys(Reason.NO_ANSWER.text());
  }

  @Test
  void seesAnswersThatAreLate() throws IOException {
    Launcher.Run run = run(new Faults(0, 1_000, false), PunchSimulation.class);

    assertThat(run.exitCode()).isEqualTo(ExitCode.LIMIT_BROKEN);
    assertThat(requests(run, "heartbeat").percentile(50)).isGreaterThan(1_000_000);
  }

  @Test
  void seesKeysThatAreNotSignedByTheServer() throws IOException {
    Launcher.Run run = run(new Faults(0, 0, true), PunchSimulation.class);

    assertThat(run.exitCode()).isEqualTo(ExitCode.ASSERTION_FAILED);
    assertThat(requests(run, "punch").ok()).isZero();
    assertThat(requests(run, "punch").reasons()).containsOnlyKeys(Reason.WRONG_PEER_KEY.text());
  }

  @Test
  void seesAServerThatIsNotThere() throws IOException {
    ScriptedServer gone = new ScriptedServer(Faults.NONE);
    gone.close();
    System.setProperty("test.port", Integer.toString(gone.port()));

    Launcher.Run run = new Launcher(results, false).run(PunchSimulation.class);

    assertThat(run.exitCode()).isEqualTo(ExitCode.ASSERTION_FAILED);
    assertThat(requests(run, "register").reasons())
        .containsOnlyKeys(Reason.PORT_UNREACHABLE.text());
    assertThat(requests(run, "punch").reasons()).containsOnlyKeys(Reason.CONNECT_FAILED.text());
  }

  @Test
  void doesNotPassUsersThatCrash() throws IOException {
    Launcher.Run run = run(Faults.NONE, CrashingSimulation.class);

    assertThat(run.exitCode()).isEqualTo(ExitCode.GENERATOR_FAILED);
    assertThat(run.result().counters().get(Counter.LOGGED_ERRORS)).isPositive();
    assertThat(requests(run, "throwing check").reasons())
        .containsOnlyKeys(Reason.GENERATOR_ERROR.text());
    assertThat(requests(run, "missing attribute").reasons())
        .containsOnlyKeys(Reason.GENERATOR_ERROR.text());
  }
}
