package dev.rallypoint.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void listsAllCommandsInItsHelp() {
    assertThat(execute("--help")).isZero();
    assertThat(text(out))
        .contains(
            "lab ",
            "lab-cluster",
            "faults",
            "balancers",
            "attacks",
            "bench ",
            "bench",
            "bench-relay",
            "bench-api-calls",
            "check-caps",
            "smoke",
            "loadtest simulate",
            "loadtest capacity",
            "loadtest merge-figures",
            "loadtest gatling");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab",
        "lab-cluster",
        "faults",
        "balancers",
        "attacks",
        "bench",
        "bench-relay",
        "bench-api-calls",
        "check-caps",
        "smoke"
      })
  void explainsTheServerOptionOfEachCommand(String command) {
    assertThat(execute(command, "--help")).isZero();
    assertThat(text(out)).contains("Usage: loadtest " + command, "--rallypoint=PATH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab --no-such-option",
        "lab --rows 2,x --list",
        "lab-cluster --nodes 1 --list",
        "faults R99",
        "balancers no-such-balancer",
        "faults R1 --nodes 12",
        "bench no-such-benchmark",
        "bench --runs 0",
        "bench relay --rallypoint /no/such/file",
        "bench relay --hbbs /no/such/file --list",
        "bench-relay --rows no-such-row",
        "bench-relay --ways no-such-way",
        "check-caps --rallypoint /no/such/file",
        "attacks --only no-such-attack",
        "attacks --seconds 0",
        "no-such-command"
      })
  void refusesAWrongOptionWithOneLine(String line) {
    assertThat(execute(line.split(" "))).isEqualTo(2);
    assertThat(text(err).lines()).singleElement().asString().startsWith("loadtest");
  }

  @Test
  void listsTheRowsOfALabWithoutRunningThem() {
    assertThat(execute("lab", "--rows", "2-3,9", "--list")).isZero();
    assertThat(text(out).lines()).hasSize(3);
  }

  private int execute(String... args) {
    return Main.execute(print(out), print(err), args);
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
