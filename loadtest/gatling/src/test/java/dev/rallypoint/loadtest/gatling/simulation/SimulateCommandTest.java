package dev.rallypoint.loadtest.gatling.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.launch.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of the simulations, without a run. */
class SimulateCommandTest {
  private final StringWriter errors = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int execute(String... arguments) {
    return SimulateCommand.execute(
        new PrintWriter(out, true), new PrintWriter(errors, true), arguments);
  }

  @Test
  void namesAllSimulationsInItsHelp() {
    assertThat(execute("--help")).isZero();

    assertThat(out.toString())
        .contains(
            "RegistrationStorm",
            "SteadyHeartbeats",
            "ReturnAfterOutage",
            "PunchRequests",
            "RelayedSessions",
            "WebSocketOnly",
            "OnlineQueries",
            "MixedDay");
  }

  @ParameterizedTest
  @EnumSource
  void explainsTheOptionsOfASimulationWithItsDefaults(Kind kind) {
    assertThat(execute(kind.alias(), "--help")).isZero();

    String help = out.toString().replaceAll("\\s+", " ");
    assertThat(help).contains(kind.header(), "--target", "--key", "--report").doesNotContain("${");
    kind.defaults()
        .forEach((option, value) -> assertThat(help).contains(option, "Default: " + value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NoSuchSimulation",
        "SteadyHeartbeats --no-such-option",
        "SteadyHeartbeats --sessions 3",
        "SteadyHeartbeats --duration 3x",
        "SteadyHeartbeats --duration 25h",
        "SteadyHeartbeats --duration 0",
        "SteadyHeartbeats --duration 999ms",
        "SteadyHeartbeats --interval 0",
        "MixedDay --duration 7s",
        "SteadyHeartbeats --peers 0",
        "SteadyHeartbeats --loss 101",
        "SteadyHeartbeats --target 127.0.0.1:99999",
        "SteadyHeartbeats --target 8.8.8.8",
        "SteadyHeartbeats --target 127.0.0.1,8.8.8.8:21116",
        "SteadyHeartbeats --target [2001:db8::1]",
        "SteadyHeartbeats --source fe80::1",
        "PunchRequests --rate NaN"
      })
  void refusesAWrongOptionWithOneLine(String line) {
    assertThat(execute(line.split(" "))).isEqualTo(2);

    assertThat(errors.toString().lines())
        .singleElement()
        .asString()
        .startsWith("loadtest simulate")
        .contains("--help");
  }

  @Test
  void tellsHowToSendLoadToAPublicTargetAllTheSame() {
    execute("SteadyHeartbeats", "--target", "8.8.8.8");

    assertThat(errors.toString()).contains("neither loopback nor private", "--allow-public-target");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "2, 2", "3, 2", "4, 1"})
  void endsWithTwoForEveryLimitThatWasMissed(int ofRun, int code) {
    assertThat(KindCommand.code(ofRun)).isEqualTo(code);
  }

  @Test
  void hasOneCodeForACrash() {
    assertThat(KindCommand.code(ExitCode.GENERATOR_FAILED)).isEqualTo(ExitCode.CRASHED);
  }
}
